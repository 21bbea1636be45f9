/** Records of the known and the unknown are equally long, whatever a person has. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { generateCodes } from '../../../shared/domain/backup-codes/generate-codes.ts';
import { askQuestions } from '../../../shared/domain/kba/ask-questions.ts';
import { encryptQuestions, enrolQuestion } from '../../../shared/domain/kba/enrolled-questions.ts';
import { defaultPolicy, type Policy } from '../../../shared/domain/policy/policy.ts';
import { userKey } from '../../../shared/store/table.ts';
import { backendOn, enrolSomebody, trusting } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const everything: Policy = {
  ...defaultPolicy,
  forgotPhone: { enabled: true, method: 'kba', usersSelect: true },
  securityCodes: 'both',
  ...trusting,
};
const backend = backendOn(table, everything);
const { users, keyring } = backend;

/** As the engine sends it. */
async function lengthOf(userId: string): Promise<number> {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: userKey(await backend.keyOf(userId)) }),
  );
  const json = JSON.stringify(Item, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return json.length;
}

const ask = async (userId: string) =>
  askQuestions({ person: await backend.person(userId), client: 'web-login', purpose: 'sign-in' }, backend);

async function withQuestions(userId: string): Promise<void> {
  const record = await users.read(await backend.keyOf(userId));
  if (record === undefined) throw new Error('nobody is there');
  const ids = ['first-teacher', 'first-car', 'first-film'];
  const questions = await Promise.all(
    ids.map((questionId) => enrolQuestion({ questionId, answer: `Answer to ${questionId}` }, keyring)),
  );
  const ciphertext = encryptQuestions(questions, ids, record.locator, keyring);
  await users.write(record, { ...record, securityQuestions: { ciphertext, asked: ids } });
}

const withCodes = async (userId: string) =>
  generateCodes(
    {
      person: await backend.person(userId),
      kind: 'static',
      operator: 'olga',
      reason: 'lost the phone',
      client: 'helpdesk',
      request: `codes of ${userId}`,
    },
    backend,
  );

test('somebody with everything, somebody with nothing and nobody', async () => {
  const [bare, complete] = [await enrolSomebody(backend), await enrolSomebody(backend)];
  await withQuestions(complete);
  await withCodes(complete);
  await users.write(...(await forgetting(complete)));
  const nobody = 'nobody-with-a-name-as-long';
  for (const userId of [bare, complete, nobody]) await ask(userId);
  const lengths = await Promise.all([bare, complete, nobody].map(lengthOf));
  // A few short attributes make up the rest.
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(160);
});

/** Without the traces of a generation, which last ten minutes. */
async function forgetting(userId: string) {
  const record = await users.read(await backend.keyOf(userId));
  if (record === undefined) throw new Error('nobody is there');
  return [record, { ...record, notices: {}, generations: [] }] as const;
}

test('a policy without questions and codes makes nobody pay for them', async () => {
  const plain = backendOn(table, defaultPolicy);
  const length = async (from: typeof backend, userId: string) => {
    await askQuestions(
      { person: await backend.person(userId), client: 'web-login', purpose: 'sign-in' },
      from,
    );
    return lengthOf(userId);
  };
  expect(await length(plain, 'one-of-nobody')).toBeLessThan((await length(backend, 'two-of-nobody')) - 1_500);
});
