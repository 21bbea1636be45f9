/** Grants that are taken out of the template: the local stack refuses what AWS would refuse, and says which is missing. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoUser } from '../../infra/local/demo-user.ts';
import { type Json, type Stack, startStack } from '../stack.ts';
import { refusalsExpected, refusalsIn } from '../support/refusals.ts';
import { assembly, runDirectory } from '../synthesized.ts';

/** What is taken, from whom. Each function loses one. */
const taken = {
  issueotp: 'sqs:SendMessage',
  kbacheck: 'kms:Decrypt',
  recoveryRole: 'states:StartExecution',
  policyRole: 'kms:GetPublicKey',
  usersRole: 'dynamodb:Query',
} as const;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ synthesized: await assemblyWithoutGrants() });
  writeFileSync(join(dirname(stack.output), refusalsExpected), '');
});
afterAll(() => stack.stop());

/** A copy of the ordinary assembly whose template lacks them. */
async function assemblyWithoutGrants(): Promise<string> {
  const folder = mkdtempSync(join(runDirectory(), 'without-grants-'));
  cpSync(await assembly(), folder, { recursive: true });
  const file = join(folder, 'MfaFallback-local.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as Json;
  for (const [prefix, action] of Object.entries(taken)) {
    const policy = Object.entries<Json>(template.Resources).find(
      ([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(prefix),
    )?.[1].Properties.PolicyDocument;
    expect(JSON.stringify(policy)).toContain(`"${action}"`);
    policy.Statement = policy.Statement.map((statement: Json) => ({
      ...statement,
      Action: [statement.Action].flat().filter((each: string) => each !== action),
    })).filter(({ Action }: Json) => Action.length > 0);
  }
  writeFileSync(file, JSON.stringify(template));
  return folder;
}

const refusals = () => refusalsIn(stack.output);

/** What the stack printed of a refusal, once it has. */
async function told(who: string, action: string): Promise<string> {
  await expect.poll(() => refusals().join('\n')).toContain(`iam | ${who} may not ${action} on `);
  return refusals().find((line) => line.includes(`${who} may not ${action}`)) ?? '';
}

async function post(path: string, body: object) {
  const token = await stack.token('credential-provider');
  return stack.request('POST', path, { token, body });
}

test('everything else goes on: the demonstration user was enrolled', async () => {
  const token = await stack.token('admin');
  expect((await stack.request('GET', `/v1/users/${demoUser.userId}`, { token })).status).toBe(200);
});

test('a code that may not be queued is refused by queue', async () => {
  expect((await post('/v1/otp-challenges', { userId: demoUser.userId, method: 'SMS' })).status).toBe(503);
  expect(await told('issue-otp', 'sqs:SendMessage')).toMatch(
    /on arn:aws:sqs:eu-central-1:000000000000:Deliverysms\w+\. Next: grant that action on that resource in the policies of MfaFallback-local\/Default\/issue-otp\/Role\/Resource\.$/,
  );
});

test('a table whose key may not be used is closed, although the table is granted', async () => {
  expect((await post('/v1/kba-challenges', { userId: demoUser.userId })).status).toBe(503);
  expect(await told('kba-check', 'kms:Decrypt')).toMatch(/on arn:aws:kms:eu-central-1:000000000000:key\//);
});

test('a workflow that may not be started is refused by machine', async () => {
  expect((await post('/v1/recoveries', { userId: demoUser.userId })).status).toBe(503);
  expect(await told('recovery', 'states:StartExecution')).toContain(
    ':stateMachine:MfaFallback-local-recovery.',
  );
});

test('a key that may not be read is missing, and the function says so', async () => {
  expect((await stack.request('GET', '/.well-known/jwks.json')).status).toBe(503);
  expect(await told('policy', 'kms:GetPublicKey')).toContain(':key/');
});

test('an index that may not be queried is refused by index', async () => {
  const token = await stack.token('admin');
  expect((await stack.request('GET', '/v1/users', { token })).status).toBe(503);
  expect(await told('users', 'dynamodb:Query')).toContain('/index/users.');
});

test('nothing else was refused', () => {
  const kinds = refusals().map((line) => /^iam \| (\S+) may not (\S+) on/.exec(line)?.slice(1).join(' '));
  expect(new Set(kinds)).toEqual(
    new Set([
      'issue-otp sqs:SendMessage',
      'kba-check kms:Decrypt',
      'recovery states:StartExecution',
      'policy kms:GetPublicKey',
      'users dynamodb:Query',
    ]),
  );
});
