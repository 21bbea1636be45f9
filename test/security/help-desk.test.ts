/** A thief on the phone to the help desk, and an operator who is talked into it: one test for each known way in. */
import { randomBytes } from 'node:crypto';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import type { Contact } from '../../shared/domain/contact/contact.ts';
import { deliverNotice } from '../../shared/domain/delivery/deliver-notice.ts';
import { encryptNote } from '../../shared/domain/delivery/delivery-log.ts';
import type { ContactPatch } from '../../shared/domain/enrolment/decide-enrolment.ts';
import { changeUser, enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readDeliveries } from '../../shared/domain/enrolment/read-deliveries.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { giveApproval } from '../../shared/domain/help-desk/give-approval.ts';
import { operatorReference } from '../../shared/domain/help-desk/operator.ts';
import { startCallerVerification } from '../../shared/domain/help-desk/start-caller-verification.ts';
import { verifyCaller } from '../../shared/domain/help-desk/verify-caller.ts';
import { slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { userKey } from '../../shared/store/table.ts';
import { anotherCode, type Backend, backendOn } from '../support/person.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { type Worker, workerOn } from '../support/worker.ts';

const client = 'helpdesk';
const usual: Policy = { ...defaultPolicy, securityCodes: 'both' };
const withPolicy = (helpDesk: Partial<Policy['helpDesk']>): Policy => ({
  ...usual,
  helpDesk: { ...usual.helpDesk, ...helpDesk },
});

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});

let backend: Backend;
let worker: Worker;
function deploy(policy: Policy): void {
  backend = backendOn(table, policy);
  worker = workerOn(table, backend);
}
beforeEach(() => deploy(usual));

const recordOf = async (userId: string) => backend.users.read((await backend.person(userId)).key);

let requests = 0;
const newRequest = () => {
  requests += 1;
  return `request-${requests}`;
};

/** Names of one run: the limits of operators outlive a test. */
const olga = `olga-${randomBytes(4).toString('hex')}`;
const boris = `boris-${randomBytes(4).toString('hex')}`;
const clara = `clara-${randomBytes(4).toString('hex')}`;

const newOperator = () => `operator-${randomBytes(4).toString('hex')}`;

async function enrolled(more: Partial<Contact> = {}): Promise<string> {
  const userId = `erin-${randomBytes(4).toString('hex')}`;
  const contact = { userId, email: `${userId}@example.com`, alternateEmail: `${userId}@alternate.example` };
  await enrolUser({ ...contact, ...more }, true, backend);
  return userId;
}

const operatorOf = (name: string, by = client, isAdministrator = false) => ({
  name,
  client: by,
  isAdministrator,
});

interface Asking {
  readonly operator?: string;
  readonly client?: string;
  readonly isAdministrator?: boolean;
  readonly proofs?: readonly string[];
  readonly kind?: 'one-time' | 'static';
}

const generate = async (userId: string, asking: Asking = {}) =>
  generateCodes(
    {
      person: await backend.person(userId),
      kind: 'one-time',
      client,
      operator: olga,
      reason: 'lost the phone',
      request: newRequest(),
      ...asking,
    },
    backend,
  );

const unlock = async (userId: string, asking: Omit<Asking, 'kind'> = {}) =>
  unlockUser({ person: await backend.person(userId), client, operator: olga, ...asking }, backend);

const callBack = async (userId: string, operator = olga, by = client) =>
  startCallerVerification(
    { person: await backend.person(userId), operator: operatorOf(operator, by), request: newRequest() },
    backend,
  );

const readOut = (challengeId: string, code: string, by = client, request = newRequest()) =>
  verifyCaller({ challengeId, client: by, code, request }, backend);

/** The code that reached the person, wherever policy sent it. */
async function received(): Promise<{ to: string; code: string; purpose: string }> {
  await worker.work();
  const [last] = worker.left.slice(-1);
  if (last === undefined) throw new Error('nothing left');
  return last;
}

async function verified(userId: string, operator = olga): Promise<string> {
  const started = await callBack(userId, operator);
  if (started.kind !== 'started') throw new Error(started.kind);
  const outcome = await readOut(started.challengeId, (await received()).code);
  if (outcome.kind !== 'verified') throw new Error(outcome.kind);
  return outcome.proof;
}

async function approval(userId: string, operator: string, act: 'backup-codes' | 'unlock' = 'backup-codes') {
  const request = newRequest();
  const outcome = await giveApproval(
    { person: await backend.person(userId), operator: operatorOf(operator), act, request },
    { ...backend, areOperatorsKnown: true },
  );
  if (outcome.kind !== 'approved') throw new Error(outcome.kind);
  return outcome.proof;
}

const without = (...missing: string[]) => ({ kind: 'proof-required', missing });

describe('the honest caller', () => {
  test('reads out a code that went to the alternate email, and has a backup code within a minute', async () => {
    const userId = await enrolled({ phone: { number: '+12025550177', country: 'US' } });
    const begun = backend.clock.now();
    const started = await callBack(userId);
    expect(started).toMatchObject({ kind: 'started', destination: 'e•••@alternate.example' });
    const { to, code, purpose } = await received();
    expect({ to, purpose }).toEqual({ to: `${userId}@alternate.example`, purpose: 'caller' });
    const outcome = await readOut((started as { challengeId: string }).challengeId, code);
    const proofs = [(outcome as { proof: string }).proof];
    expect((await generate(userId, { proofs })).kind).toBe('generated');
    expect(backend.clock.now() - begun).toBeLessThan(60_000);
  });

  test('who lost phone and mailbox gets a code by two more operators', async () => {
    const userId = await enrolled({ email: undefined, alternateEmail: undefined });
    expect((await callBack(userId)).kind).toBe('method-unavailable');
    expect(await generate(userId)).toMatchObject(without('approval'));
    const one = await approval(userId, boris);
    expect(await generate(userId, { proofs: [one] })).toMatchObject(without('approval'));
    const again = await approval(userId, boris);
    expect(await generate(userId, { proofs: [one, again] })).toMatchObject(without('approval'));
    const other = await approval(userId, clara);
    expect((await generate(userId, { proofs: [one, other] })).kind).toBe('generated');
  });

  test('is logged under one operator at both ends, and under none where an earlier version sent the code', async () => {
    const userId = await enrolled();
    const { challengeId } = (await callBack(userId, olga.toUpperCase())) as { challengeId: string };
    const { code } = await received();
    const request = newRequest();
    const operator = operatorReference(olga, backend);
    expect(await readOut(challengeId, code, client, request)).toMatchObject({ kind: 'verified', operator });
    const challengeKey = challengeKeyOf(client, { purpose: 'caller', slot: slotOf({}) });
    const removal = new UpdateItemCommand({
      TableName: table.name,
      Key: userKey(await backend.keyOf(userId)),
      UpdateExpression: 'REMOVE challenges.#key.caller.#reference',
      ExpressionAttributeNames: { '#key': challengeKey, '#reference': 'reference' },
    });
    await table.client.send(removal);
    const again = await readOut(challengeId, code, client, request);
    expect(again).toMatchObject({ kind: 'verified', proof: expect.any(String) });
    expect(again).toHaveProperty('operator', undefined);
  });

  test('is verified while locked, since unlocking needs it', async () => {
    const userId = await enrolled();
    const record = await recordOf(userId);
    if (record === undefined) throw new Error('nobody');
    const lockedOut = { ...record, consecutiveFailures: 100, failuresByAuthenticator: { SMS: 100 } };
    expect(await backend.users.write(record, lockedOut)).toBe(true);
    const proofs = [await verified(userId)];
    expect(await unlock(userId, { proofs })).toEqual({ kind: 'unlocked' });
    expect((await recordOf(userId))?.consecutiveFailures).toBe(0);
  });
});

describe('a thief on the phone', () => {
  test('who is believed without a check (Clorox) is not believed here: no proof, no code and no unlocking', async () => {
    const userId = await enrolled();
    expect(await generate(userId)).toMatchObject(without('caller'));
    expect(await generate(userId, { isAdministrator: true })).toMatchObject(without('caller'));
    expect(await unlock(userId)).toMatchObject(without('caller'));
    expect((await recordOf(userId))?.codeBatches).toEqual({});
  });

  test('who makes a proof up, or shows another person’s, gets none', async () => {
    const [userId, other] = [await enrolled(), await enrolled()];
    const proof = await verified(other);
    const [id = ''] = proof.split('.');
    for (const shown of ['', 'proof', proof, `${id}.${'A'.repeat(22)}`, `${proof}x`, '.'.repeat(45)])
      expect(await generate(userId, { proofs: [shown] })).toMatchObject(without('caller'));
    expect((await generate(other, { proofs: [proof] })).kind).toBe('generated');
  });

  test('who guesses has three tries a code, and none of them locks the person', async () => {
    const userId = await enrolled();
    const started = await callBack(userId);
    const { challengeId } = started as { challengeId: string };
    const { code } = await received();
    for (const left of [2, 1, 0]) {
      expect(await readOut(challengeId, anotherCode(code, left + 1))).toEqual({
        kind: 'code-rejected',
        attemptsRemaining: left,
      });
    }
    expect(await readOut(challengeId, code)).toEqual({ kind: 'attempts-exhausted', reason: 'challenge' });
    const record = await recordOf(userId);
    expect(record).toMatchObject({ failedAttempts: [], consecutiveFailures: 0 });
    expect((await callBack(userId)).kind).toBe('rate-limited');
  });

  test('who reads out a sign-in code, or signs in with a caller’s, gets nowhere', async () => {
    const userId = await enrolled();
    const { challengeId } = (await callBack(userId)) as { challengeId: string };
    const { code } = await received();
    const asSignIn = await verifyCode({ challengeId, client, code, request: newRequest() }, backend);
    expect(asSignIn).toEqual({ kind: 'challenge-closed' });
    expect(await resendCode({ challengeId, client }, backend)).toEqual({ kind: 'challenge-closed' });
    expect(await readOut(challengeId, code, 'another-client')).toEqual({ kind: 'challenge-closed' });
    expect((await readOut(challengeId, code)).kind).toBe('verified');
  });

  test('who calls again waits as long as the gaps of messages say, and the code before is dead', async () => {
    const userId = await enrolled();
    const ids: string[] = [];
    const { gapsSeconds } = usual.sends;
    for (const gap of gapsSeconds) {
      ids.push(((await callBack(userId)) as { challengeId: string }).challengeId);
      await worker.work();
      backend.advance(gap - 1);
      expect(await callBack(userId)).toMatchObject({ kind: 'started', challengeId: ids.at(-1) });
      expect(backend.queued).toEqual([]);
      backend.advance(1);
    }
    expect(new Set(ids).size).toBe(gapsSeconds.length);
    const { code } = worker.left[0] as { code: string };
    expect(await readOut(ids[0] as string, code)).toEqual({ kind: 'challenge-closed' });
  });

  test('who has a second desk ask ends what the first one asked', async () => {
    const userId = await enrolled();
    const { challengeId } = (await callBack(userId)) as { challengeId: string };
    const { code } = await received();
    const second = (await callBack(userId, boris, 'another-desk')) as { challengeId: string };
    const { code: secondCode } = await received();
    expect(await readOut(challengeId, code)).toEqual({ kind: 'challenge-closed' });
    expect((await readOut(second.challengeId, secondCode, 'another-desk')).kind).toBe('verified');
  });

  test('who calls again and again is asked ten times in a day, and then nobody is', async () => {
    const userId = await enrolled();
    for (let asked = 1; asked <= 10; asked += 1) {
      expect((await callBack(userId)).kind).toBe('started');
      backend.advance(3_600);
    }
    expect((await callBack(userId)).kind).toBe('rate-limited');
    backend.advance(86_400);
    expect((await callBack(userId)).kind).toBe('started');
  });

  test('SMS pumping of one number: calls under many names with one mailbox bring it five codes in ten minutes', async () => {
    const operator = `dora-${randomBytes(4).toString('hex')}`;
    const alternateEmail = `shared-${randomBytes(4).toString('hex')}@alternate.example`;
    const people = await Promise.all(Array.from({ length: 6 }, () => enrolled({ alternateEmail })));
    const kinds: string[] = [];
    for (const userId of people) kinds.push((await callBack(userId, operator)).kind);
    expect(kinds).toEqual([...Array(5).fill('started'), 'rate-limited']);
  });

  test('whose number or address has had enough takes nothing from the hour of operator and client', async () => {
    deploy(withPolicy({ perOperatorPerHour: 6, perClientPerHour: 6 }));
    const suffix = randomBytes(4).toString('hex');
    const alternateEmail = `full-${suffix}@alternate.example`;
    const people = await Promise.all(Array.from({ length: 6 }, () => enrolled({ alternateEmail })));
    const kinds: string[] = [];
    for (const userId of [...people, await enrolled(), await enrolled()])
      kinds.push((await callBack(userId, `dora-${suffix}`, `desk-${suffix}`)).kind);
    expect(kinds).toEqual([...Array(5).fill('started'), 'rate-limited', 'started', 'rate-limited']);
  });

  test('who calls another operator for a second and third code in a day gets two', async () => {
    const userId = await enrolled();
    for (const operator of [olga, boris]) {
      const proofs = [await verified(userId, operator)];
      expect((await generate(userId, { operator, proofs })).kind).toBe('generated');
      backend.advance(120);
    }
    const proofs = [await verified(userId, clara)];
    expect((await generate(userId, { operator: clara, proofs })).kind).toBe('rate-limited');
    backend.advance(86_400);
    const next = [await verified(userId, clara)];
    expect((await generate(userId, { operator: clara, proofs: next })).kind).toBe('generated');
  });

  test('who has an executive’s name (Okta) finds them protected: an administrator or two operators', async () => {
    const userId = await enrolled({ protected: true });
    const proofs = [await verified(userId)];
    expect((await generate(userId, { proofs })).kind).toBe('protected');
    expect((await unlock(userId, { proofs })).kind).toBe('protected');
    expect((await generate(userId, { proofs, isAdministrator: true })).kind).toBe('generated');
    deploy(withPolicy({ secondOperator: 'protected-users' }));
    const guarded = await enrolled({ protected: true });
    const caller = await verified(guarded);
    for (const isAdministrator of [false, true])
      expect(await generate(guarded, { proofs: [caller], isAdministrator })).toMatchObject(
        without('approval'),
      );
    const approved = await approval(guarded, boris);
    expect((await generate(guarded, { proofs: [caller, approved] })).kind).toBe('generated');
    const anybody = await enrolled();
    expect((await generate(anybody, { proofs: [await verified(anybody)] })).kind).toBe('generated');
  });

  test('for whom nobody exists uses up nothing', async () => {
    deploy(withPolicy({ perOperatorPerHour: 1 }));
    const operator = newOperator();
    expect((await callBack('nobody-here', operator)).kind).toBe('not-found');
    const disabled = await enrolled();
    await enrolUser({ userId: disabled, email: `${disabled}@example.com` }, false, backend);
    expect((await callBack(disabled, operator)).kind).toBe('method-unavailable');
    expect(backend.queued).toEqual([]);
    expect((await callBack(await enrolled(), operator)).kind).toBe('started');
  });
});

describe('an operator who is talked into it', () => {
  test('acts on nobody’s account that is their own, and does not approve of it', async () => {
    const userId = await enrolled();
    const operator = userId.toUpperCase();
    expect((await generate(userId, { operator })).kind).toBe('own-account');
    expect((await unlock(userId, { operator })).kind).toBe('own-account');
    expect((await callBack(userId, operator)).kind).toBe('own-account');
    await expect(approval(userId, operator)).rejects.toThrow('own-account');
  });

  test('approves of nothing that they do themselves, under any spelling', async () => {
    deploy(withPolicy({ secondOperator: 'always', callerProof: 'off' }));
    const userId = await enrolled();
    const own = await approval(userId, olga.toUpperCase());
    expect((await generate(userId, { proofs: [own] })).kind).toBe('own-approval');
    const others = await approval(userId, boris);
    expect((await generate(userId, { proofs: [others] })).kind).toBe('generated');
  });

  test('finds no approvals where one client could write two names', async () => {
    const userId = await enrolled();
    const asked = {
      person: await backend.person(userId),
      operator: operatorOf(boris),
      act: 'unlock',
      request: 'r',
    } as const;
    const ports = { ...backend, areOperatorsKnown: false };
    expect((await giveApproval(asked, ports)).kind).toBe('no-approvals');
  });

  test('uses a proof for one act, and nobody uses it after them or for something else', async () => {
    deploy(withPolicy({ secondOperator: 'always' }));
    const userId = await enrolled();
    const caller = await verified(userId);
    const approved = await approval(userId, clara);
    // Refused for want of the other one; from here on they are this operator's, and for this act.
    expect(await generate(userId, { proofs: [caller] })).toMatchObject(without('approval'));
    const both = [caller, approved];
    expect(await unlock(userId, { proofs: both })).toMatchObject(without('caller', 'approval'));
    expect(await generate(userId, { operator: boris, proofs: both })).toMatchObject(without('caller'));
    expect(await generate(userId, { client: 'another', proofs: both })).toMatchObject(
      without('caller', 'approval'),
    );
    const outcomes = await Promise.all([
      generate(userId, { proofs: both }),
      generate(userId, { proofs: both }),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['generated', 'proof-required']);
  });

  test('has a quarter of an hour for it', async () => {
    const userId = await enrolled();
    const proof = await verified(userId);
    backend.advance(899);
    const tooMany = await generate(userId, { proofs: [proof], kind: 'static' });
    expect(tooMany.kind).toBe('generated');
    const late = await verified(userId);
    backend.advance(900);
    expect(await generate(userId, { proofs: [late] })).toMatchObject(without('caller'));
  });

  test('gets no second proof out of one code, and revives none by asking again', async () => {
    const userId = await enrolled();
    const { challengeId } = (await callBack(userId)) as { challengeId: string };
    const { code } = await received();
    const first = await readOut(challengeId, code, client, 'read-out-once');
    const { proof } = first as { proof: string };
    expect((await generate(userId, { proofs: [proof] })).kind).toBe('generated');
    expect(await readOut(challengeId, code, client, 'read-out-once')).toEqual(first);
    expect((await readOut(challengeId, code)).kind).toBe('challenge-closed');
    expect(await generate(userId, { proofs: [proof] })).toMatchObject(without('caller'));
  });

  test('keeps the proof when the request is refused for another reason, or meets a fault', async () => {
    const userId = await enrolled();
    const proofs = [await verified(userId)];
    expect(
      (
        await generateCodes(
          {
            person: await backend.person(userId),
            kind: 'static',
            count: 99,
            client,
            operator: olga,
            reason: 'r',
            request: newRequest(),
            proofs,
          },
          backend,
        )
      ).kind,
    ).toBe('above-policy');
    const failing = { send: () => Promise.reject(new Error('the queue is down')) };
    const request = newRequest();
    const person = await backend.person(userId);
    const asked = { person, kind: 'one-time', client, operator: olga, reason: 'r', request, proofs } as const;
    await expect(generateCodes(asked, { ...backend, notices: failing })).rejects.toThrow('the queue is down');
    expect((await generateCodes(asked, backend)).kind).toBe('generated');
  });

  test('is stopped by the hour’s limit, which counts all acts together and no refusal', async () => {
    deploy(withPolicy({ perOperatorPerHour: 3 }));
    const operator = `busy-${randomBytes(4).toString('hex')}`;
    const userId = await enrolled();
    for (let refused = 0; refused < 5; refused += 1)
      expect((await generate(userId, { operator })).kind).toBe('proof-required');
    const proofs = [await verified(userId, operator)];
    expect((await generate(userId, { operator, proofs })).kind).toBe('generated');
    const other = await enrolled();
    const { challengeId } = (await callBack(other, operator)) as { challengeId: string };
    const { code } = await received();
    expect((await callBack(await enrolled(), operator)).kind).toBe('rate-limited');
    const { proof } = (await readOut(challengeId, code)) as { proof: string };
    expect((await generate(other, { operator, proofs: [proof] })).kind).toBe('rate-limited');
    expect((await generate(other, { operator, proofs: [proof] })).kind).toBe('rate-limited');
    backend.advance(3_601);
  });

  test('has a wrong code of a caller counted as an act', async () => {
    deploy(withPolicy({ perOperatorPerHour: 2 }));
    const operator = newOperator();
    const { challengeId } = (await callBack(await enrolled(), operator)) as { challengeId: string };
    const { code } = await received();
    expect((await readOut(challengeId, anotherCode(code))).kind).toBe('code-rejected');
    expect((await callBack(await enrolled(), operator)).kind).toBe('rate-limited');
  });

  test('has approvals and unlockings counted as acts', async () => {
    deploy(withPolicy({ callerProof: 'off', perOperatorPerHour: 1 }));
    const [userId, one, other] = [await enrolled(), newOperator(), newOperator()];
    await approval(userId, one, 'unlock');
    expect((await unlock(userId, { operator: one })).kind).toBe('rate-limited');
    expect((await unlock(userId, { operator: other })).kind).toBe('unlocked');
    await expect(approval(userId, other, 'unlock')).rejects.toThrow('rate-limited');
  });

  test('shares the hour of the client, and a refusal of the client is no act of the operator', async () => {
    deploy(withPolicy({ perOperatorPerHour: 1, perClientPerHour: 1 }));
    const [desk, one, other] = [newOperator(), newOperator(), newOperator()];
    expect((await callBack(await enrolled(), one, desk)).kind).toBe('started');
    backend.advance(1_800);
    expect((await callBack(await enrolled(), other, desk)).kind).toBe('rate-limited');
    backend.advance(1_801);
    expect((await callBack(await enrolled(), other, desk)).kind).toBe('started');
  });
});

describe('codes that the operator must not see', () => {
  test.each([
    ['alternate email', {}, 'alternate.example'],
    ['email where there is no alternate one', { alternateEmail: undefined }, 'example.com'],
  ])('go to the %s alone, and leave the table with it', async (_, contact, domain) => {
    deploy(withPolicy({ callerProof: 'off', showCodes: false }));
    const userId = await enrolled(contact);
    const outcome = await generate(userId);
    expect(outcome).toMatchObject({ kind: 'generated', areShown: false });
    const { codes = [] } = outcome as { codes?: readonly string[] };
    const sent: { to: string; codes?: readonly string[] | undefined }[] = [];
    const carriers = {
      ...worker.ports.carriers,
      async sendNotice(_: string, notice: { to: string; codes?: readonly string[] | undefined }) {
        sent.push(notice);
        return { kind: 'accepted' } as const;
      },
    };
    for (const message of backend.told.splice(0)) await deliverNotice(message, { ...worker.ports, carriers });
    const withCodes = sent.filter((notice) => notice.codes !== undefined);
    expect(withCodes.map(({ to }) => to)).toEqual([`${userId}@${domain}`]);
    expect(withCodes[0]?.codes).toEqual(codes);
    expect((await recordOf(userId))?.notices).toEqual({});
  });

  test('are made for nobody who has no email', async () => {
    deploy(withPolicy({ callerProof: 'off', showCodes: false }));
    const userId = await enrolled({ email: undefined, alternateEmail: undefined });
    expect((await generate(userId)).kind).toBe('no-address');
  });
});

describe('what became of messages', () => {
  const read = async (userId: string) =>
    (await readDeliveries(await backend.person(userId), {
      ...backend,
      deliveryLog: worker.ports.deliveryLog,
    })) ?? [];

  test('is told with masked destinations, newest first, before and after they left, and never a code', async () => {
    const userId = await enrolled();
    await callBack(userId);
    const queued = await read(userId);
    expect(queued).toMatchObject([{ purpose: 'caller', outcome: 'queued', method: 'Email' }]);
    backend.advance(1);
    const { code } = await received();
    backend.advance(60);
    const person = await backend.person(userId);
    await startChallenge({ person, client: 'web-login', purpose: 'sign-in', method: 'Email' }, backend);
    worker = workerOn(table, backend, () => ({ kind: 'refused', reason: 'opted-out' }));
    await worker.work();
    const told = await read(userId);
    expect(told).toMatchObject([
      { purpose: 'sign-in', outcome: 'failed', reason: 'opted-out', destination: 'e•••@example.com' },
      { purpose: 'caller', outcome: 'sent', destination: 'e•••@alternate.example' },
    ]);
    expect(JSON.stringify(told)).not.toContain(code);
    backend.advance(31 * 86_400);
    expect(await read(userId)).toEqual([]);
  });

  test('keeps the last twenty, and nothing of names that nobody has', async () => {
    const userId = await enrolled();
    const facts = {
      locator: (await backend.person(userId)).key,
      method: 'Email',
      to: 'a@example.com',
      purpose: 'notice',
    } as const;
    const { deliveryLog } = worker.ports;
    for (let sent = 0; sent < 65; sent += 1) {
      const at = backend.clock.now() + sent;
      const note = encryptNote({ ...facts, message: `${sent}` }, { at, outcome: 'sent' }, backend.keyring);
      await deliveryLog.add(facts.locator, note, at);
    }
    expect((await deliveryLog.read(facts.locator)).length).toBeLessThan(65);
    expect((await read(userId)).length).toBe(20);
    const nobody = await backend.person('nobody-there');
    await startChallenge({ person: nobody, client: 'web-login', purpose: 'sign-in' }, backend);
    await worker.work();
    expect(await deliveryLog.read(nobody.key)).toEqual([]);
    expect(await readDeliveries(nobody, { ...backend, deliveryLog })).toBeUndefined();
  });
});

describe('proof written into the table', () => {
  test('lets nobody make a proof by writing one into a record', async () => {
    const userId = await enrolled();
    const record = await recordOf(userId);
    if (record === undefined) throw new Error('nobody');
    const id = 'A'.repeat(22);
    const made = { id, kind: 'caller', client, expiresAt: backend.clock.now() + 900_000, key: 1 } as const;
    const after = { ...record, helpDesk: { ...record.helpDesk, proofs: [made] } };
    expect(await backend.users.write(record, after)).toBe(true);
    expect(await generate(userId, { proofs: [`${id}.${id}`] })).toMatchObject(without('caller'));
  });
});

describe('protection that somebody takes off', () => {
  const person = async () => {
    const userId = await enrolled({ protected: true, aliases: [`ceo-${randomBytes(4).toString('hex')}`] });
    const toldOf = async () => {
      const { notices = {} } = (await recordOf(userId)) ?? {};
      return Array.from(new Set(Object.values(notices).map(({ kind }) => kind)));
    };
    return { userId, toldOf };
  };

  test.each<[string, ContactPatch, string]>([
    ['null', { protected: null }, 'protection-ended'],
    ['false', { protected: false }, 'protection-ended'],
    ['an address', { email: 'thief@example.org' }, 'address-changed'],
    ['an address that goes', { alternateEmail: null }, 'address-changed'],
    ['an alias', { aliases: null }, 'names-changed'],
    ['the userId', { userId: `renamed-${randomBytes(4).toString('hex')}` }, 'names-changed'],
  ])('by a change of %s is told at every address, and raises an alarm', async (_, fields, notice) => {
    const { userId } = await person();
    const outcome = await changeUser(userId, fields, undefined, backend);
    expect(outcome).toMatchObject({ kind: 'enrolled', isProtectionTouched: true });
    const { notices = {} } = (await recordOf(fields.userId ?? userId)) ?? {};
    expect(Object.values(notices).map(({ kind }) => kind)).toContain(notice);
  });

  test('stays where a request says nothing of it, and what changes nothing alarms nobody', async () => {
    const { userId, toldOf } = await person();
    const quiet = await changeUser(userId, { displayName: 'Erin', locale: 'de' }, undefined, backend);
    expect(quiet).toMatchObject({ isProtectionTouched: false, user: { contact: { protected: true } } });
    expect(await toldOf()).toEqual([]);
    const replaced = await enrolUser({ userId, email: `${userId}@example.com` }, true, backend);
    expect(replaced).toMatchObject({ isProtectionTouched: true, user: { contact: { protected: true } } });
  });

  test('by removing and enrolling anew raises an alarm too', async () => {
    const { userId } = await person();
    expect(await removeUser(userId, backend)).toMatchObject({ kind: 'removed', isProtectionTouched: true });
  });
});
