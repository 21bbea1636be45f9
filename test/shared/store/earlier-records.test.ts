/**
 * Records that an earlier version wrote are read by this one, and what that version makes of this one's.
 *
 * The fixture is a table as the code of commit fe516e4 left it, under a pepper of 32 bytes that are 7: erin with an alias,
 * two static backup codes, and a code that left on `someDay`; frank with three security questions.
 */
import { readFileSync } from 'node:fs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { readBackupCode } from '../../../shared/domain/backup-codes/backup-code.ts';
import { redeemCode } from '../../../shared/domain/backup-codes/redeem-code.ts';
import { readChallenge } from '../../../shared/domain/challenge/read-challenge.ts';
import { decryptContact } from '../../../shared/domain/contact/contact.ts';
import { decrypt } from '../../../shared/domain/crypto/encryption.ts';
import { keyringOf } from '../../../shared/domain/crypto/keyring.ts';
import { enrolUser } from '../../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../../shared/domain/kba/check-answers.ts';
import { resendCode } from '../../../shared/domain/otp/resend-code.ts';
import { verifyCode } from '../../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import { type Backend, backendOn } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

interface Earlier {
  readonly challengeId: string;
  readonly code: string;
  readonly backupCodes: readonly [string, string];
  /** Of frank, by question. */
  readonly answers: Readonly<Record<string, string>>;
  readonly items: readonly object[];
}

/** Binary values stand in the file as base64. */
const earlier = JSON.parse(
  readFileSync(new URL('fixtures/earlier-records.json', import.meta.url), 'utf8'),
  (_, value) => (typeof value?.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value),
) as Earlier;

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
const keyring = keyringOf(new Map([[1, Buffer.alloc(32, 7)]]));
let backend: Backend;
beforeEach(async () => {
  backend = backendOn(table, { ...defaultPolicy, securityCodes: 'both' }, keyring);
  for (const Item of earlier.items)
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: Item as never }));
});

it('finds the person by each name, with their addresses', async () => {
  for (const name of ['erin', 'e.jones']) {
    const { key, record } = await backend.person(name);
    expect(record.enrolment?.userId).toBe('erin');
    const contact = record.enrolment && decryptContact(record.enrolment.contact, key, keyring);
    expect(contact).toMatchObject({ phone: { number: '+12025550123' }, email: 'erin@example.com' });
  }
});

it('takes the code that left then, and counts a wrong one', async () => {
  const { challengeId, code } = earlier;
  const typed = (text: string, request: string) =>
    verifyCode({ challengeId, client, code: text, request }, backend);
  const wrong = code === '000000' ? '111111' : '000000';
  expect(await typed(wrong, 'two')).toMatchObject({ kind: 'code-rejected', attemptsRemaining: 4 });
  expect(await typed(code, 'three')).toMatchObject({ kind: 'verified' });
});

it('shows the code that left then, but for where it went, and sends another one', async () => {
  const { challengeId } = earlier;
  expect(await readChallenge(challengeId, client, backend)).toMatchObject({
    status: 'pending',
    method: 'SMS',
    destination: '••••',
  });
  backend.advance(31);
  expect(await resendCode({ challengeId, client, method: 'Email' }, backend)).toMatchObject({
    kind: 'challenge',
    view: { method: 'Email' },
  });
});

it('asks the questions that were enrolled then, and knows their answers', async () => {
  const person = await backend.person('frank');
  const asked = await askQuestions({ person, client, purpose: 'sign-in' }, backend);
  if (asked.kind !== 'questions') throw new Error(asked.kind);
  const answers = asked.questions.map(({ questionId }) => ({
    questionId,
    answer: earlier.answers[questionId] ?? '',
  }));
  const { challengeId } = asked.view;
  const wrong = answers.map((each) => ({ ...each, answer: 'Wren' }));
  const given = (said: typeof answers, request: string) =>
    checkAnswers({ challengeId, client, answers: said, request }, backend);
  expect(await given(wrong, 'eight')).not.toMatchObject({ kind: 'verified' });
  expect(await given(answers, 'nine')).toMatchObject({ kind: 'verified' });
});

it('redeems a backup code that was made then, once', async () => {
  const redeem = async (request: string) =>
    redeemCode(
      {
        person: await backend.person('erin'),
        client,
        code: readBackupCode(earlier.backupCodes[0]) as string,
        request,
      },
      backend,
    );
  expect(await redeem('four')).toMatchObject({ kind: 'verified' });
  expect(await redeem('five')).not.toMatchObject({ kind: 'verified' });
});

/** As the earlier version did: it knew no digests before a contact. */
async function readByEarlierVersion(): Promise<unknown> {
  const { key, record } = await backend.person('erin');
  return decrypt(record.enrolment?.contact as Uint8Array, key, keyring);
}

it('leaves who only signs in as the earlier version reads them', async () => {
  const { challengeId, code, backupCodes } = earlier;
  const signedIn = await verifyCode({ challengeId, client, code, request: 'six' }, backend);
  const redeemed = await redeemCode(
    {
      person: await backend.person('erin'),
      client,
      code: readBackupCode(backupCodes[1]) as string,
      request: 'seven',
    },
    backend,
  );
  expect([signedIn.kind, redeemed.kind]).toEqual(['verified', 'verified']);
  expect(await readByEarlierVersion()).toMatchObject({ userId: 'erin' });
});

it('makes the earlier version answer `unavailable` for who is enrolled anew, and never as for somebody else', async () => {
  await enrolUser({ userId: 'erin', email: 'erin@example.com' }, true, backend);
  await expect(readByEarlierVersion()).rejects.toThrow(
    expect.objectContaining({ name: 'Unavailable', message: expect.stringContaining('unknown-pepper-key') }),
  );
});
