/** What somebody gets who reads the whole table, and who can write into it but has no key. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { selectorOf } from '../../shared/domain/backup-codes/code-selector.ts';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { decryptContact } from '../../shared/domain/contact/contact.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { enrolQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import type { Recovery } from '../../shared/domain/recovery/recovery.ts';
import type { CodeBatch, CodeKind } from '../../shared/domain/user-record/code-batch.ts';
import type { UserRecord } from '../../shared/domain/user-record/user-record.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { recoveryAnswers } from '../../shared/store/recovery-answers.ts';
import { type Backend, backendOn, trusting } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const client = 'web-login';
const answers = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'Cat Isle',
};
const thief = { userId: 'thief', phone: '+12025550111', email: 'thief@example.com' };
const victim = { userId: 'victim', phone: '+12025550222', email: 'victim@example.com' };

let table: TestTable;
let backend: Backend;
let requests = 0;
beforeEach(async () => {
  await table?.close();
  table = await startTable();
  backend = backendOn(table, { ...defaultPolicy, securityCodes: 'both', ...trusting });
  await Promise.all([enrolled(thief), enrolled(victim)]);
});
afterAll(() => table.close());

function newRequest(): string {
  requests += 1;
  return `request-${requests}`;
}

async function enrolled({ userId, phone, email }: typeof thief): Promise<void> {
  const questions = await Promise.all(
    Object.entries(answers).map(([questionId, answer]) =>
      enrolQuestion({ questionId, answer }, backend.keyring),
    ),
  );
  const contact = {
    userId,
    phone: { number: phone, country: 'US' },
    email,
    alternateEmail: `spare-${email}`,
    displayName: 'Perpetua Quillfeather',
  };
  await enrolUser(contact, true, backend, questions);
}

async function started(userId: string): Promise<string> {
  const outcome = await startChallenge(
    {
      person: await backend.person(userId),
      client,
      purpose: 'sign-in',
      method: 'SMS',
      idempotency: { key: `key-${userId}`, body: '', owner: client },
    },
    backend,
  );
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

async function generated(userId: string, kind: CodeKind = 'static'): Promise<readonly string[]> {
  const asked = {
    person: await backend.person(userId),
    kind,
    client: 'helpdesk',
    operator: 'olga',
    reason: 'lost the phone',
    ticket: 'T-481516',
  } as const;
  const outcome = await generateCodes({ ...asked, request: newRequest() }, backend);
  if (outcome.kind !== 'generated') throw new Error(outcome.kind);
  return outcome.codes;
}

const recordOf = async (userId: string) =>
  (await backend.users.read(await backend.keyOf(userId))) as UserRecord;

/** As somebody does who may write: the record of the victim with parts of the thief's in it. */
async function transplant(parts: (from: UserRecord) => Partial<UserRecord>): Promise<void> {
  const [from, to] = [await recordOf(thief.userId), await recordOf(victim.userId)];
  expect(await backend.users.write(to, { ...to, ...parts(from) })).toBe(true);
}

describe('stolen table', () => {
  test('masks in a stolen table: no item of it holds a code, an answer, a number, an address, a display name or a reason', async () => {
    const id = await started(victim.userId);
    const code = await backend.codeOf(victim.userId, client);
    await verifyCode({ challengeId: id, client, code, request: newRequest() }, backend);
    const open = await started(thief.userId);
    const codes = await generated(victim.userId);
    const request = newRequest();
    const typed = readBackupCode(codes[0] as string) as string;
    await redeemCode({ person: await backend.person(victim.userId), client, code: typed, request }, backend);
    await askQuestions({ person: await backend.person(victim.userId), client, purpose: 'sign-in' }, backend);
    await workerOn(table, backend).work();

    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    const everything = JSON.stringify(Items, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    ).toLowerCase();
    const secrets = [
      ...[thief, victim].flatMap(({ phone, email }) => [phone, email, `spare-${email}`]),
      ...Object.values(answers),
      ...codes.flatMap((each) => [each, readBackupCode(each) as string]),
      ...['Perpetua Quillfeather', 'lost the phone', 'T-481516'],
      ...['example.com', '\u2022\u2022'], // the domain of an address, and masks of both kinds
    ];
    expect(everything).toContain(open.toLowerCase());
    expect(secrets.filter((secret) => everything.includes(secret.toLowerCase()))).toEqual([]);
    // Six digits stand by themselves nowhere.
    expect(new RegExp(`(?<!\\d)${code}(?!\\d)`).test(everything)).toBe(false);
  });

  test('with other keys than the deployment’s nothing is decrypted and its codes are others', async () => {
    const id = await started(victim.userId);
    const code = await backend.codeOf(victim.userId, client);
    const elsewhere = { ...backend, keyring: keyringOf(new Map([[1, Buffer.alloc(32, 7)]])) };
    expect(await readUser(victim.userId, elsewhere)).toBeUndefined();
    const { enrolment, locator } = (await backend.person(victim.userId)).record;
    const contact = enrolment?.contact as Uint8Array;
    expect(() => decryptContact(contact, locator, elsewhere.keyring)).toThrow();
    const outcome = await verifyCode({ challengeId: id, client, code, request: newRequest() }, elsewhere);
    expect(outcome.kind).toBe('code-rejected');
  });
});

describe('transplanted record', () => {
  test('addresses of another user are not decrypted, so that no code goes there', async () => {
    await transplant(({ enrolment }) => ({ enrolment: { ...enrolment, userId: victim.userId } as never }));
    await expect(started(victim.userId)).rejects.toThrow();
    const worker = workerOn(table, backend);
    await worker.work();
    expect(worker.left).toEqual([]);
  });

  test('answers of another user are not decrypted', async () => {
    await transplant(({ securityQuestions }) => ({ securityQuestions }));
    await expect(
      askQuestions({ person: await backend.person(victim.userId), client, purpose: 'sign-in' }, backend),
    ).rejects.toThrow();
  });

  test('backup codes of another user are not found', async () => {
    const [code = ''] = await generated(thief.userId);
    await transplant(({ codeBatches }) => ({ codeBatches }));
    const person = await backend.person(victim.userId);
    const typed = readBackupCode(code) as string;
    expect((await redeemCode({ person, client, code: typed, request: newRequest() }, backend)).kind).toBe(
      'code-rejected',
    );
  });

  test('a backup code of another user is not right under a selector that fits it either', async () => {
    const [code = ''] = await generated(thief.userId);
    const typed = readBackupCode(code) as string;
    // 32 bits, which a writer of the table finds by trying.
    const { keyring } = backend;
    const selectorFor = async (userId: string) =>
      selectorOf(typed, await backend.keyOf(userId), keyring.current, keyring);
    const [found, own] = [await selectorFor(victim.userId), await selectorFor(thief.userId)];
    await transplant(({ codeBatches: { static: batch } }) => ({
      codeBatches: { static: { ...batch, codes: { [found]: batch?.codes[own] } } as CodeBatch },
    }));
    const person = await backend.person(victim.userId);
    expect((await redeemCode({ person, client, code: typed, request: newRequest() }, backend)).kind).toBe(
      'code-rejected',
    );
  });

  test.each([
    ['with another end', { 'one-time': { expiresAt: Number.MAX_SAFE_INTEGER } }],
    ['without an end', { 'one-time': { expiresAt: undefined } }],
    ['as one of the other kind', { static: {}, 'one-time': undefined }],
    ['as one of another batch', { 'one-time': { id: 'another' } }],
  ])('backup code kept alive: one is not right %s', async (_, changed) => {
    const [code = ''] = await generated(victim.userId, 'one-time');
    const record = await recordOf(victim.userId);
    const batch = record.codeBatches['one-time'];
    const codeBatches = Object.fromEntries(
      Object.entries(changed).map(([kind, change]) => [kind, change && { ...batch, ...change }]),
    ) as UserRecord['codeBatches'];
    expect(await backend.users.write(record, { ...record, codeBatches })).toBe(true);
    const person = await backend.person(victim.userId);
    const typed = readBackupCode(code) as string;
    expect((await redeemCode({ person, client, code: typed, request: newRequest() }, backend)).kind).toBe(
      'code-rejected',
    );
  });

  test('a challenge of another user is no challenge of this one, though its code is known', async () => {
    const stolen = await started(thief.userId);
    const code = await backend.codeOf(thief.userId, client);
    const own = await started(victim.userId);
    await transplant(({ challenges }) => ({ challenges }));
    expect(await verifyCode({ challengeId: own, client, code, request: newRequest() }, backend)).toEqual({
      kind: 'challenge-closed',
    });
    const outcome = await verifyCode({ challengeId: stolen, client, code, request: newRequest() }, backend);
    expect(outcome).toMatchObject({ kind: 'verified', userId: thief.userId });
  });

  test('a ciphertext with one changed bit is not decrypted', async () => {
    const record = await recordOf(victim.userId);
    const contact = Uint8Array.from(record.enrolment?.contact ?? []);
    const last = contact.length - 1;
    contact[last] = (contact[last] as number) ^ 1;
    await backend.users.write(record, { ...record, enrolment: { ...record.enrolment, contact } as never });
    await expect(readUser(victim.userId, backend)).rejects.toThrow();
  });
});

test('stolen recovery: questions that a person worded are in no item of it, nor in the answers that are kept', async () => {
  const question = { questionId: 'own-question', text: 'Which colour had the boat shed?' };
  const id = 'r'.repeat(32);
  const recoveries = recoveryStore(table, backend.keyring);
  const step = {
    type: 'kba',
    token: 'token',
    challengeId: 'c',
    questions: [question],
    expiresAt: 0,
  } as const;
  const recovery: Recovery = {
    ...{
      id,
      client,
      userId: 'victim',
      person: 'k'.repeat(22),
      paths: ['kba'],
      path: 'kba',
      status: 'pending',
    },
    ...{ step, startedAt: 0, expiresAt: backend.clock.now(), body: '', revision: 1, mac: '' },
  };
  await recoveries.create(recovery);
  const kept = recoveryAnswers(table, backend.keyring);
  const answer = { body: '', answer: JSON.stringify(step), at: backend.clock.now() };
  await kept.keep(id, 'key', answer, 0);
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
  const everything = JSON.stringify(Items, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  expect(everything).toContain(id);
  expect(everything).not.toContain('boat shed');
  expect((await recoveries.read(id))?.step).toEqual(step);
  expect(await kept.find(id, 'key')).toMatchObject({ answer: answer.answer });
});
