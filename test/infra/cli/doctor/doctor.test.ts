/** What `doctor` finds in an account, asked by the SDK's own clients. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askAccount } from '../../../../infra/cli/doctor/ask-account.ts';
import { findingsOf } from '../../../../infra/cli/doctor/findings.ts';
import { mfaProgram } from '../../../../infra/cli/program.ts';
import { run } from '../../../../infra/cli/run.ts';
import { loadStage } from '../../../../infra/configuration/stage.ts';
import { directory, ownIssuer, voice, windows } from '../../template.ts';
import { type Account, firstDay, startAccount } from './account.ts';

/** One that is ready for the stage of the tests. */
const ready: Account = {
  inSmsSandbox: false,
  smsAttributes: {
    MonthlySpendLimit: '500',
    DeliveryStatusIAMRole: 'arn:aws:iam::123456789012:role/MfaFallback-production-SmsLogWriter1',
  },
  emailsPerDay: 50_000,
  emailsPerSecond: 14,
  sendingEnabled: true,
  verified: ['example.com'],
  connect: { InstanceStatus: 'ACTIVE', OutboundCallsEnabled: true },
  numbers: ['+12025550100'],
  callsAtOnce: 10,
  concurrency: 1_000,
  denied: [],
};

const running: { stop(): unknown }[] = [];
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = 0;
  for (const each of running.splice(0)) each.stop();
});

async function look(account: Account, overrides: object = {}) {
  const started = await startAccount(account);
  running.push(started);
  vi.stubEnv('AWS_ENDPOINT_URL', started.origin);
  const sms = { maxPriceUsd: 0.2, deliveryStatus: true };
  const stage = loadStage('production', {
    overrides: {
      voice: { ...voice, queueId: undefined, sourcePhoneNumber: '+12025550100' },
      sms,
      ...overrides,
    },
  });
  return findingsOf(stage, await askAccount(stage));
}
const states = (findings: Awaited<ReturnType<typeof look>>) =>
  Object.fromEntries(findings.map(({ about, state }) => [about, state]));

test('the first day of an account: each thing that is missing, with what to do', async () => {
  const findings = await look(firstDay);
  expect(states(findings)).toEqual({
    account: 'good',
    'sms sandbox': 'missing',
    'sms spend': 'missing',
    'sms status': 'missing',
    'email sandbox': 'missing',
    'email sender': 'missing',
    'email sending': 'good',
    'email pace': 'missing',
    'connect instance': 'missing',
    'connect number': 'missing',
    'connect calls': 'good',
    'lambda set aside': 'missing',
    'lambda concurrency': 'missing',
  });
  for (const { state, next } of findings) expect(next === undefined).toBe(state === 'good');
  const status = findings.find(({ about }) => about === 'sms status')?.next;
  expect(status).toContain(
    'aws sns set-sms-attributes --attributes DeliveryStatusIAMRole=$(aws cloudformation',
  );
});

test('an account that is ready lacks nothing', async () => {
  const findings = await look(ready);
  expect(findings.filter(({ state }) => state !== 'good')).toEqual([]);
});

test.each([
  ['account', ready, { account: '999999999999' }],
  ['sms status', { ...ready, smsAttributes: { MonthlySpendLimit: '500' } }, {}],
  ['email sender', { ...ready, verified: ['example.org'] }, {}],
  ['email sending', { ...ready, sendingEnabled: false }, {}],
  ['email pace', ready, { delivery: { email: { perSecond: 40 } } }],
  ['connect number', { ...ready, numbers: ['+12025550199'] }, {}],
  ['connect calls', ready, { delivery: { call: { atOnce: 60 } } }],
  ['lambda set aside', { ...ready, concurrency: 159 }, {}],
  ['lambda set aside', { ...ready, concurrency: 200, reserved: 50 }, {}],
  [
    'lambda concurrency',
    { ...ready, concurrency: 50 },
    { delivery: { sms: { perSecond: 400 } }, open: { concurrency: 'shared' } },
  ],
] as const)(
  '%s alone is missing where that alone is not as the stage needs it',
  async (about, account, overrides) => {
    const findings = await look(account, overrides);
    expect(findings.filter(({ state }) => state !== 'good')).toMatchObject([{ about, state: 'missing' }]);
  },
);

test.each([
  [
    'a new account that sets nothing aside',
    { ...ready, concurrency: 30 },
    { open: { concurrency: 'shared' } },
  ],
  ['the least quota', { ...ready, concurrency: 160 }, {}],
  ['one that has the stage already', { ...ready, concurrency: 160, reserved: 60 }, {}],
] as const)('%s lacks no concurrency', async (_, account, overrides) => {
  expect(states(await look(account, overrides))).toMatchObject({ 'lambda set aside': 'good' });
});

test('what would fail the first deployment is told by field, with what to write in its place', async () => {
  const reserved = { delivery: { reserved: true }, windows, directory };
  const [found] = (await look(firstDay, reserved)).filter(({ about }) => about === 'lambda set aside');
  expect(found?.found).toBe(
    '113 of 10 for open.concurrency (60), windows.concurrency (20), directory.concurrency (10), ' +
      'delivery.reserved (23), beside 0 that are already; 100 have to be left',
  );
  expect(found?.next).toContain(
    '"open": { "concurrency": "shared" }, leave windows out, leave directory out, "reserved": false under delivery. docs/runbook.md#function-throttles',
  );
});

test('what AWS does not say is unknown, with the rights that whoever asks needs', async () => {
  const findings = await look({ ...ready, denied: ['GetSMSAttributes', 'GET /2016-08-19/account-settings'] });
  expect(findings.filter(({ state }) => state !== 'good')).toMatchObject([
    {
      about: 'sms',
      state: 'unknown',
      found: expect.stringMatching(/^AccessDenied/),
      next: 'These credentials need sns:GetSMSSandboxAccountStatus, sns:GetSMSAttributes in eu-central-1.',
    },
    {
      about: 'lambda',
      state: 'unknown',
      found: 'AccessDeniedException',
      next: 'These credentials need lambda:GetAccountSettings in eu-central-1.',
    },
  ]);
});

test('without credentials that AWS takes it is said once, with how to get some', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('HOME', '/nonexistent');
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) }),
  );
  expect(await look(ready, { tokens: ownIssuer })).toEqual([
    {
      about: 'account',
      state: 'unknown',
      found: 'AWS takes no request with these credentials: CredentialsProviderError',
      next: expect.stringContaining('"aws sts get-caller-identity --region eu-central-1" answers'),
    },
    {
      about: 'issuer',
      state: 'missing',
      found: 'no discovery document below tokens.issuerUrl, https://issuer.example.com: ENOTFOUND',
      next: expect.stringContaining('refuses the deployment without it'),
    },
  ]);
});

test('an instance of Connect that is not there is named, with where its id stands', async () => {
  const findings = await look({ ...ready, connect: undefined });
  expect(findings.find(({ about }) => about === 'connect')).toMatchObject({
    state: 'missing',
    found: `there is no instance ${voice.instanceId} in eu-central-1`,
    next: expect.stringContaining('aws connect list-instances --region eu-central-1'),
  });
});

test.each([
  ['good', 'https://issuer.example.com'],
  ['missing', 'https://issuer.example.com/'],
])('an issuer is %s whose discovery document names %s', async (state, issuer) => {
  const document = { issuer, jwks_uri: 'https://issuer.example.com/keys' };
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(document));
  expect(states(await look(ready, { tokens: ownIssuer }))).toMatchObject({ issuer: state });
});

test('the command asks and changes nothing, prints all of it, and ends with 1 where something is missing', async () => {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text) => said.push(String(text)));
  const started = await startAccount(firstDay);
  running.push(started);
  vi.stubEnv('AWS_ENDPOINT_URL', started.origin);
  await run(mfaProgram('mfa'), ['doctor', '--stage', 'production', '--json']);
  expect(process.exitCode).toBe(1);
  const { findings } = JSON.parse(said.join(''));
  expect(findings.map(({ about }: { about: string }) => about)).toContain('sms sandbox');
  expect(started.asked.filter((operation) => !/^(?:Get|List|GET)/.test(operation))).toEqual([]);
  said.length = 0;
  await run(mfaProgram('mfa'), ['doctor', '--stage', 'production']);
  expect(said.join('\n')).toMatch(/^sms sandbox +missing +the account is in the sandbox.*\n +Next: Ask AWS/m);
});
