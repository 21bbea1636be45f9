/** The calls of breaches that became known, played against a started stack: none ends with a code, and the log tells it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { caller, codeSentTo, enrol, type Person, put, userPath, wrong } from '../e2e/people.ts';
import { enrolRecovering, type Recovering } from '../e2e/recovering.ts';
import { type Json, type Stack, type StackAnswer, startStack } from '../stack.ts';

let stack: Stack;
let call: ReturnType<typeof caller>['call'];
beforeAll(async () => {
  const policy = { ...defaultPolicy, securityCodes: 'one-time' };
  stack = await startStack({ policy });
  ({ call } = caller(stack));
});
afterAll(() => stack?.stop());

const reachable = (contact: object = {}) => enrolRecovering(stack, contact);

const desk = { client: 'helpdesk' } as const;
const why = (operator: string) => ({ operator, reason: 'phone lost', ticket: 'INC-4711' });
const askForCode = ({ userId }: Person, operator: string, proofs?: readonly string[]) =>
  call('POST', `${userPath(userId)}/backup-codes`, { kind: 'one-time', ...why(operator), proofs }, desk);
const askCaller = ({ userId }: Person, operator: string) =>
  call('POST', `${userPath(userId)}/caller-verifications`, { operator, ticket: 'INC-4711' }, desk);
const readOut = (id: string, code: string) =>
  call('POST', `/v1/caller-verifications/${id}/verify`, { code }, desk);
const approve = async ({ userId }: Person, operator: string): Promise<string> =>
  (await call('POST', `${userPath(userId)}/approvals`, { ...why(operator), for: 'backup-codes' }, desk)).body
    .proof;
const verified = async (person: Recovering, operator: string): Promise<string> => {
  const id = (await askCaller(person, operator)).body.callerVerificationId;
  return (await readOut(id, await codeSentTo(stack, person.alternateEmail))).body.proof;
};
const codeOf = ({ status, body }: StackAnswer) => [status, body.code];

/** What the log says of a person and of the challenges that began for them, in order. */
async function linesOf({ userId }: Person): Promise<readonly Json[]> {
  const { body } = await call('GET', userPath(userId), undefined, { client: 'admin' });
  await stack.quiet();
  const lines = readFileSync(stack.output, 'utf8').matchAll(/\{"timestamp":.*\}$/gm);
  const events: Json[] = Array.from(lines, ([line]) => JSON.parse(line));
  const own = new Set(events.filter(({ user }) => user === body.reference).map(({ challenge }) => challenge));
  own.delete(undefined);
  const told = /^(?:caller|backup-code|approval|protected|fallback|unlock|user-|code-)/;
  return events
    .filter(({ user, challenge }) => user === body.reference || own.has(challenge))
    .filter(({ event }) => told.test(event));
}

async function storyOf(person: Person): Promise<readonly string[]> {
  const lines = await linesOf(person);
  return lines.map(({ event, reason, created }) =>
    [created === true ? 'enrolled' : event, reason].filter(Boolean).join(': '),
  );
}

const codesOf = async ({ userId }: Person) =>
  (await call('GET', `${userPath(userId)}/backup-codes`, undefined, desk)).body;

describe('breach that became known', () => {
  test('Clorox: reset again and again in a day, for two people, with no check', async () => {
    for (const person of [await enrol(stack), await enrol(stack)]) {
      for (const operator of ['olga', 'boris', 'olga'])
        expect(codeOf(await askForCode(person, operator))).toEqual([403, 'proof-required']);
      const { generations, refusals } = await codesOf(person);
      expect(generations).toEqual([]);
      expect(refusals.map(({ operator, reason }: Json) => [operator, reason])).toEqual([
        ['olga', 'proof-required'],
        ['boris', 'proof-required'],
        ['olga', 'proof-required'],
      ]);
      const phone = { phone: '+12025550177' };
      expect(codeOf(await call('PUT', userPath(person.userId), phone, desk))).toEqual([403, 'forbidden']);
      expect(await storyOf(person)).toEqual([
        'enrolled',
        ...Array(3).fill('backup-codes-refused: proof-required'),
      ]);
      const [, olga, boris, again] = (await linesOf(person)).map(({ operator, ticket }) => ({
        operator,
        ticket,
      }));
      expect(olga).toEqual({
        operator: expect.stringMatching(/^\S+$/),
        ticket: expect.stringMatching(/^[\w-]{43}$/),
      });
      expect(again).toEqual(olga);
      expect(boris?.operator).not.toBe(olga?.operator);
      expect(refusals.map(({ operatorReference }: Json) => operatorReference)).toEqual([
        olga?.operator,
        boris?.operator,
        olga?.operator,
      ]);
    }
  });

  test('MGM, M&S, Co-op: the caller knows everything about the person, and guesses the code', async () => {
    const person = await reachable();
    const started = (await askCaller(person, 'olga')).body;
    expect(started.destination).toMatch(/@alternate\.example$/);
    const code = await codeSentTo(stack, person.alternateEmail);
    for (const by of [1, 2, 3])
      expect((await readOut(started.callerVerificationId, wrong(code, by))).body.code).toBe('code-rejected');
    expect((await readOut(started.callerVerificationId, code)).body.code).toBe('attempts-exhausted');
    expect(codeOf(await askForCode(person, 'olga'))).toEqual([403, 'proof-required']);
    expect(await storyOf(person)).toEqual([
      'enrolled',
      'caller-verification-started',
      ...Array(3).fill('caller-code-refused: code-rejected'),
      'caller-code-refused: attempts-exhausted',
      'backup-codes-refused: proof-required',
    ]);
  });

  test('Okta: the caller wants all factors of a super administrator', async () => {
    const person = await reachable({ protected: true });
    const proof = await verified(person, 'olga');
    expect(codeOf(await askForCode(person, 'olga', [proof]))).toEqual([403, 'forbidden']);
    const unlock = { ...why('olga'), proofs: [proof] };
    expect((await call('POST', `${userPath(person.userId)}/unlock`, unlock, desk)).status).toBe(403);
    expect((await codesOf(person)).generations).toEqual([]);
    expect(await storyOf(person)).toEqual([
      'enrolled',
      'caller-verification-started',
      'caller-verified',
      'backup-codes-refused: protected',
      'unlock-refused: protected',
    ]);
  });

  test('Scattered Spider: fake staff have a code read to them, and go to another desk with it', async () => {
    const person = await reachable();
    const api = caller(stack);
    await api.start(person.userId, { method: 'Email' });
    const readToThief = await codeSentTo(stack, person.email);
    const { callerVerificationId } = (await askCaller(person, 'olga')).body;
    const message = await stack.received(person.alternateEmail);
    expect(message.body).toContain('only in a call that you made');
    const forCaller = await codeSentTo(stack, person.alternateEmail);
    const guess = readToThief === forCaller ? wrong(readToThief) : readToThief;
    expect((await readOut(callerVerificationId, guess)).body.code).toBe('code-rejected');
    const proof = (await readOut(callerVerificationId, forCaller)).body.proof;
    expect(codeOf(await askForCode(person, 'olga', []))).toEqual([403, 'proof-required']);
    // An outsourced desk has another client, and no use for a proof that this one was given.
    const elsewhere = { kind: 'one-time', ...why('boris'), proofs: [proof] };
    const path = `${userPath(person.userId)}/backup-codes`;
    expect(codeOf(await call('POST', path, elsewhere, { client: 'admin' }))).toEqual([403, 'proof-required']);
    expect((await codesOf(person)).generations).toEqual([]);
    expect(await storyOf(person)).toEqual([
      'enrolled',
      'caller-verification-started',
      'caller-code-refused: code-rejected',
      'caller-verified',
      'backup-codes-refused: proof-required',
      'backup-codes-refused: proof-required',
    ]);
    // It was the other client: the desk that was given the proof can use it, and so it is no wrong or used one.
    expect((await askForCode(person, 'olga', [proof])).status).toBe(201);
  });

  test('UNC3944: the number and the mailbox are changed first, and the person stops it', async () => {
    const person = await reachable();
    const alternateEmail = 'unc3944@thief.example';
    await put(stack, person.userId, { phone: '+12025550666', email: person.email, alternateEmail });
    const started = (await askCaller(person, 'olga')).body;
    expect(started.destination).toMatch(/@example\.com$/);
    await stack.quiet();
    expect((await stack.outbox(alternateEmail)).map(({ subject }) => subject)).not.toContain(
      'Your code for the help desk of Example Organisation',
    );
    const notice = (await stack.outbox(person.alternateEmail)).find(({ body }) => body.includes('/not-me/'));
    const [link = ''] = /http:\S+\/not-me\/\S+/.exec(notice?.body ?? '') ?? [];
    expect((await fetch(link, { method: 'POST' })).status).toBe(200);
    expect((await caller(stack).start(person.userId)).body.reason).toBe('stopped');
    const unlocked = await call('POST', `${userPath(person.userId)}/unlock`, why('olga'), desk);
    expect(codeOf(unlocked)).toEqual([403, 'proof-required']);
    expect(codeOf(await askForCode(person, 'olga'))).toEqual([403, 'proof-required']);
    expect((await codesOf(person)).generations).toEqual([]);
    expect(await storyOf(person)).toEqual([
      'enrolled',
      'user-enrolled', // somebody else's addresses
      'caller-verification-started',
      'fallback-stopped',
      'unlock-refused: proof-required',
      'backup-codes-refused: proof-required',
    ]);
  });
});

describe('the honest caller beside them', () => {
  test('has a code within a minute', async () => {
    const person = await reachable();
    const begun = await stack.now();
    const made = await askForCode(person, 'olga', [await verified(person, 'olga')]);
    expect(made.status).toBe(201);
    expect((await stack.now()) - begun).toBeLessThan(60_000);
    const used = { userId: person.userId, code: made.body.codes[0] };
    expect((await call('POST', '/v1/backup-codes/verify', used)).status).toBe(200);
    const { generations } = await codesOf(person);
    const olga = generations[0].operatorReference;
    expect((await linesOf(person)).map(({ event, operator }) => [event, operator])).toEqual([
      ['user-enrolled', undefined],
      ['caller-verification-started', olga],
      ['caller-verified', olga],
      ['backup-codes-generated', olga],
      ['backup-code-used', undefined],
    ]);
    expect(olga).toMatch(/^[\w-]{22}$/);
  });

  test('has as many in a day as policy says, whoever makes them, and none of a kind that it does not allow', async () => {
    const person = await reachable();
    const proof = await verified(person, 'olga');
    const fixed = { kind: 'static', ...why('olga'), proofs: [proof] };
    const ofAnotherKind = await call('POST', `${userPath(person.userId)}/backup-codes`, fixed, desk);
    expect(codeOf(ofAnotherKind)).toEqual([422, 'method-unavailable']);
    expect((await askForCode(person, 'olga', [proof])).status).toBe(201);
    const proofOf = async (operator: string) => {
      await stack.advance(120); // the gap between two codes of a caller
      await stack.quiet();
      await stack.clearOutbox(); // of the code before it, and of what was told since
      return [await verified(person, operator)];
    };
    expect((await askForCode(person, 'boris', await proofOf('boris'))).status).toBe(201);
    const more = await askForCode(person, 'clara', await proofOf('clara'));
    expect(codeOf(more)).toEqual([429, 'rate-limited']);
    const wait = Number(more.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(86_000);
    expect(wait).toBeLessThanOrEqual(86_400);
    await stack.advance(86_400);
    expect((await askForCode(person, 'clara', await proofOf('clara'))).status).toBe(201);
  });

  test('who lost phone and mailbox gets one by two more operators', async () => {
    const person = await enrol(stack);
    await put(stack, person.userId, {});
    expect(codeOf(await askForCode(person, 'olga'))).toEqual([403, 'proof-required']);
    const proofs = [await approve(person, 'boris'), await approve(person, 'clara')];
    expect((await askForCode(person, 'olga', proofs)).status).toBe(201);
    expect(await storyOf(person)).toEqual([
      'enrolled',
      'user-enrolled', // without the addresses that are lost
      'backup-codes-refused: proof-required',
      'approval-given',
      'approval-given',
      'backup-codes-generated',
    ]);
  });
});
