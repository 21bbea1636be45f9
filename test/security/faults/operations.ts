/** Each operation as an honest client performs it, and what must be true of it in the end: done, and done once. */
import { expect } from 'vitest';
import type { OutboxEntry } from '../../../infra/local/aws/outbox.ts';
import { codeIn, enrol, honestly, put, userPath, wrong } from '../../e2e/people.ts';
import {
  enrolRecovering,
  type Recovering,
  recoverer,
  rightAnswers,
  wrongAnswers,
} from '../../e2e/recovering.ts';
import type { Json, Stack, StackAnswer } from '../../stack.ts';
import type { Requested } from '../../support/dependencies.ts';

/** Something that is about to be asked for, the same every time it is asked. */
export interface Prepared {
  send(): Promise<StackAnswer>;
  /** What holds after it succeeded, given everything that was sent. */
  audit(answer: StackAnswer, sent: readonly OutboxEntry[]): Promise<void> | void;
  /** What an answer is when the code had been used up before the fault, and no key tells the request again. */
  readonly spent?: readonly number[];
}

export interface Operation {
  /** Statuses that are its success. */
  readonly success: readonly number[];
  /** The request to the table that uses the code up: without a key, a fault after it is one after the fact. */
  readonly consumesAt?: number;
  /** The request to the table after which the same key is told that it was done, and no more. */
  readonly shownOnceAt?: number;
  /** Whether it takes an `Idempotency-Key`. */
  readonly keyed?: false;
  /** Prepares several at once, each for somebody of its own. */
  prepare(keys: readonly (string | undefined)[]): Promise<Prepared[]>;
}

const optional = (key: string | undefined) => (key === undefined ? {} : { key });
const to = (address: string, sent: readonly OutboxEntry[]) => sent.filter((entry) => entry.to === address);

export function operationsOf(stack: Stack): Record<Requested, Operation> {
  const api = recoverer(stack);
  const each =
    (one: (key: string | undefined) => Promise<Prepared>) => (keys: readonly (string | undefined)[]) =>
      Promise.all(keys.map(one));

  /** Somebody with an open challenge, and the code of it. */
  const challenged = async () => {
    const person = await enrol(stack);
    const { body } = await api.start(person.userId, { method: 'SMS' });
    const code = codeIn((await stack.received(person.phone)).body);
    return { ...person, id: body.challengeId as string, code };
  };
  const verifies = async (id: string, entry: OutboxEntry | undefined) => {
    const answer = await api.verify(id, codeIn(entry?.body ?? ''));
    expect(answer.body).toMatchObject({ verified: true });
  };
  const remaining = async (id: string) => (await api.status(id)).body.attemptsRemaining;
  const withBackupCodes = async (person: { readonly userId: string }, count = 3) => {
    const operator = `operator-${person.userId}`;
    const asked = { kind: 'static', count, operator };
    const { body } = await honestly(() =>
      api.generate(person.userId, asked, { key: `codes-${person.userId}` }),
    );
    return body.codes as string[];
  };
  const ended = async (recoveryId: string, step: string) => {
    const recovery = await api.past(recoveryId, step);
    expect(recovery.status).toBe('succeeded');
    return recovery;
  };

  /** Of whom no question is asked: hashing answers takes time. */
  const byCode = { securityQuestions: [] };
  const endsByCode = async (id: string, person: Recovering, step: string, sent: readonly OutboxEntry[]) => {
    const recovery = await api.past(id, step);
    const codes = to(person.alternateEmail, sent);
    expect(codes).toHaveLength(1);
    await verifies(recovery.step.challenge.challengeId, codes[0]);
    await ended(id, 'otp');
  };

  return {
    'start a challenge': {
      success: [201],
      prepare: each(async (key) => {
        const { userId, phone } = await enrol(stack);
        return {
          send: () => api.start(userId, { method: 'SMS' }, optional(key)),
          async audit({ body }, sent) {
            expect(to(phone, sent)).toHaveLength(1);
            await verifies(body.challengeId, to(phone, sent)[0]);
          },
        };
      }),
    },
    'resend a code': {
      success: [200],
      async prepare(keys) {
        const people = await Promise.all(keys.map(async (key) => ({ ...(await challenged()), key })));
        await stack.quiet();
        await stack.advance(30);
        return people.map(({ id, email, code, key }) => ({
          send: () => api.resend(id, { method: 'Email' }, optional(key)),
          async audit(_, sent) {
            expect(to(email, sent)).toHaveLength(1);
            const fresh = codeIn(to(email, sent)[0]?.body ?? '');
            if (fresh !== code) expect((await api.verify(id, code)).status).toBe(422);
            await verifies(id, to(email, sent)[0]);
          },
        }));
      },
    },
    'read a challenge': {
      success: [200],
      keyed: false,
      prepare: each(async () => {
        const { id } = await challenged();
        return {
          send: () => api.status(id),
          audit: ({ body }) => expect(body).toMatchObject({ status: 'pending', attemptsRemaining: 5 }),
        };
      }),
    },
    'verify the right code': {
      success: [200],
      consumesAt: 1,
      prepare: each(async (key) => {
        const { id, code } = await challenged();
        return {
          send: () => api.verify(id, code, optional(key)),
          spent: [410],
          async audit({ body }) {
            expect(body).toMatchObject({ verified: true });
            expect((await api.verify(id, code)).status).toBe(410);
          },
        };
      }),
    },
    'verify a wrong code': {
      success: [422],
      consumesAt: 1,
      prepare: each(async (key) => {
        const { id, code } = await challenged();
        return {
          send: () => api.verify(id, wrong(code), optional(key)),
          spent: [422], // and a second attempt: without a key it is a second guess
          async audit({ body }) {
            expect(body.attemptsRemaining).toBe(4);
            expect(await remaining(id)).toBe(4);
          },
        };
      }),
    },
    'ask questions': {
      success: [201],
      prepare: each(async (key) => {
        const { userId } = await enrolRecovering(stack);
        return {
          send: () => api.askQuestions(userId, optional(key)),
          audit: async ({ body }) => expect((await api.check(body)).status).toBe(200),
        };
      }),
    },
    'check right answers': {
      success: [200],
      consumesAt: 3,
      prepare: each(async (key) => {
        const { userId } = await enrolRecovering(stack);
        const { body: challenge } = await api.askQuestions(userId);
        return {
          send: () => api.check(challenge, rightAnswers, optional(key)),
          spent: [410],
          async audit({ body }) {
            expect(body).toMatchObject({ verified: true });
            const again = await api.askQuestions(userId);
            const { attemptsRemaining } = (await api.check(again.body, wrongAnswers)).body;
            expect(attemptsRemaining).toBe(2);
            expect((await api.check(challenge)).status).toBe(410);
          },
        };
      }),
    },
    'check wrong answers': {
      success: [422],
      consumesAt: 2,
      prepare: each(async (key) => {
        const { userId } = await enrolRecovering(stack);
        const { body: challenge } = await api.askQuestions(userId);
        return {
          send: () => api.check(challenge, wrongAnswers, optional(key)),
          spent: [422],
          async audit({ body }) {
            expect(body.attemptsRemaining).toBe(2);
            expect((await api.check(challenge)).status).toBe(200);
          },
        };
      }),
    },
    'use a backup code': {
      success: [200],
      consumesAt: 4,
      prepare: each(async (key) => {
        const person = await enrol(stack);
        const [code = '', other] = await withBackupCodes(person);
        return {
          send: () => api.useBackupCode({ userId: person.userId, code }, optional(key)),
          spent: [422],
          async audit({ body }, sent) {
            expect(body).toMatchObject({ verified: true });
            expect((await api.useBackupCode({ userId: person.userId, code })).status).toBe(422);
            expect((await api.countCodes(person.userId)).body.static.remaining).toBe(2);
            expect((await api.useBackupCode({ userId: person.userId, code: other })).status).toBe(200);
            // Made, used, and two left.
            expect(to(person.phone, sent)).toHaveLength(3);
            expect(to(person.email, sent)).toHaveLength(3);
          },
        };
      }),
    },
    'use a wrong backup code': {
      success: [422],
      consumesAt: 3,
      prepare: each(async (key) => {
        const { userId } = await enrol(stack);
        const code = '0000-0000-0000-0000';
        return {
          send: () => api.useBackupCode({ userId, code }, optional(key)),
          spent: [422],
          audit: ({ body }) => expect(body.attemptsRemaining).toBe(9),
        };
      }),
    },
    'generate backup codes': {
      success: [201],
      shownOnceAt: 9,
      prepare: each(async (key) => {
        const { userId, phone, email } = await enrol(stack);
        const operator = `operator-${userId}`;
        return {
          send: () => api.generate(userId, { kind: 'static', count: 2, operator }, optional(key)),
          spent: [409], // made and shown to nobody: another key makes new ones
          async audit({ body }, sent) {
            expect((await api.countCodes(userId)).body.static).toMatchObject({ remaining: 2 });
            expect((await api.useBackupCode({ userId, code: body.codes[0] })).status).toBe(200);
            for (const address of [phone, email]) expect(to(address, sent).length).toBeGreaterThan(0);
          },
        };
      }),
    },
    'count backup codes': {
      success: [200],
      keyed: false,
      prepare: each(async () => {
        const person = await enrol(stack);
        await withBackupCodes(person);
        return {
          send: () => api.countCodes(person.userId),
          audit: ({ body }) => expect(body.static.remaining).toBe(3),
        };
      }),
    },
    'enrol a user': {
      success: [200, 201],
      keyed: false,
      prepare: each(async () => {
        const { userId } = await enrol(stack);
        const fresh = `${userId}-fresh`;
        const contact = { email: `${fresh}@example.com` };
        return {
          send: () => put(stack, fresh, contact),
          async audit() {
            const found = await api.call('GET', userPath(fresh), undefined, { client: 'admin' });
            expect(found.body).toMatchObject(contact);
          },
        };
      }),
    },
    'change an address': {
      success: [200],
      keyed: false,
      prepare: each(async () => {
        const { userId, phone, email } = await enrol(stack);
        const changed = `${userId}-changed@example.com`;
        return {
          send: () => put(stack, userId, { phone, email: changed }),
          audit(_, sent) {
            for (const address of [phone, email, changed]) expect(to(address, sent)).toHaveLength(1);
          },
        };
      }),
    },
    'unlock a user': {
      success: [204],
      prepare: each(async (key) => {
        const { userId, id, code } = await challenged();
        await api.verify(id, wrong(code));
        const unlock = `${userPath(userId)}/unlock`;
        return {
          send: () =>
            api.call(
              'POST',
              unlock,
              { operator: 'olga', reason: 'back at work' },
              { client: 'helpdesk', ...optional(key) },
            ),
          audit: async () => expect(await remaining(id)).toBe(4),
        };
      }),
    },
    'remove a user': {
      success: [204],
      consumesAt: 4,
      keyed: false,
      prepare: each(async () => {
        const { userId, phone, email } = await enrol(stack);
        return {
          send: () => api.call('DELETE', userPath(userId), undefined, { client: 'admin' }),
          spent: [404], // it is gone, which is what was asked for
          async audit(_, sent) {
            const found = await api.call('GET', userPath(userId), undefined, { client: 'admin' });
            expect(found.status).toBe(404);
            for (const address of [phone, email]) expect(to(address, sent)).toHaveLength(1);
          },
        };
      }),
    },
    'start a recovery': {
      success: [201],
      consumesAt: 6,
      prepare: each(async (key) => {
        const person = await enrolRecovering(stack, byCode);
        return {
          send: () => api.startAnswer(person.userId, { path: 'otp-alternate-email' }, optional(key)),
          spent: [201], // a second recovery beside the one that may have begun; a resend brings its code
          audit: ({ body: { recoveryId } }, sent) => endsByCode(recoveryId, person, 'none', sent),
        };
      }),
    },
    'choose a path': {
      success: [200],
      prepare: each(async (key) => {
        const person = await enrolRecovering(stack, byCode);
        const { recoveryId } = await api.begin(person.userId);
        return {
          send: () => api.choose(recoveryId, 'otp-alternate-email', optional(key)),
          audit: (_, sent) => endsByCode(recoveryId, person, 'choose', sent),
        };
      }),
    },
    'answer a step with answers': {
      success: [200],
      consumesAt: 3,
      prepare: each(async (key) => {
        const { userId, alternateEmail } = await enrolRecovering(stack);
        const { recoveryId, step } = await api.begin(userId, { path: 'kba' });
        return {
          send: () => api.check(step.challenge, rightAnswers, optional(key)),
          spent: [410],
          async audit({ body }, sent) {
            expect(body).not.toHaveProperty('assertion');
            await ended(recoveryId, 'kba');
            expect(to(alternateEmail, sent)).toHaveLength(1); // the notice
          },
        };
      }),
    },
    'answer a step with a code': {
      success: [200],
      consumesAt: 1,
      prepare: each(async (key) => {
        const person = await enrolRecovering(stack, byCode);
        const { recoveryId, step } = await api.begin(person.userId, { path: 'otp-alternate-email' });
        const code = await api.alternateCode(person);
        return {
          send: () => api.verify(step.challenge.challengeId, code, optional(key)),
          spent: [410],
          async audit(_, sent) {
            await ended(recoveryId, 'otp');
            for (const address of [person.phone, person.email]) expect(to(address, sent)).toHaveLength(1);
          },
        };
      }),
    },
    'answer a step with a backup code': {
      success: [200],
      consumesAt: 5,
      prepare: each(async (key) => {
        const person = await enrolRecovering(stack, byCode);
        const [code = ''] = await withBackupCodes(person, 1);
        const { recoveryId } = await api.begin(person.userId, { path: 'backup-code' });
        return {
          send: () => api.useBackupCode({ recoveryId, code }, optional(key)),
          spent: [410, 422],
          async audit() {
            await ended(recoveryId, 'backup-code');
            expect((await api.countCodes(person.userId)).body.static.remaining).toBe(0);
          },
        };
      }),
    },
    'read a finished recovery': {
      success: [200],
      keyed: false,
      prepare: each(async () => {
        const person = await enrolRecovering(stack, byCode);
        const { recoveryId, step } = await api.begin(person.userId, { path: 'otp-alternate-email' });
        await api.verify(step.challenge.challengeId, await api.alternateCode(person));
        const { verification } = await ended(recoveryId, 'otp');
        return {
          send: () => api.read(recoveryId),
          audit: ({ body }: { body: Json }) => expect(body.verification).toEqual(verification),
        };
      }),
    },
  };
}
