/** A backend of the domain over a real table, with a clock that stands still and queues that only note. */
import { createHash, randomBytes } from 'node:crypto';
import type { CodeAudit } from '../../shared/domain/backup-codes/code-audit.ts';
import { rightCode } from '../../shared/domain/challenge/winning-attempt.ts';
import { type Keyring, keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { type StateKeys, stateKeysOf } from '../../shared/domain/crypto/state-keys.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { catalogue } from '../../shared/domain/kba/catalogue.ts';
import type { QuestionIds } from '../../shared/domain/kba/choose-questions.ts';
import { findPerson, type NamePorts, type Person } from '../../shared/domain/names/person.ts';
import type { IssuePorts } from '../../shared/domain/otp/issue.ts';
import type { Method, Policy } from '../../shared/domain/policy/policy.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import type { NoticeMessage, OtpMessage, OutcomeMessage } from '../../shared/domain/queues/messages.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import { nameStore } from '../../shared/store/names.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import type { Table } from '../../shared/store/table.ts';
import { userStore } from '../../shared/store/users.ts';

/** The same in every backend of a process, as the deployment's. */
const stateMaster = randomBytes(32);

export const someDay = Date.parse('2026-03-02T09:00:00Z');

export interface Backend extends IssuePorts, NamePorts {
  readonly queued: { method: Method; message: OtpMessage; delaySeconds: number }[];
  readonly outcomes: OutcomeMessage[];
  readonly told: NoticeMessage[];
  readonly audit: CodeAudit;
  readonly questionIds: QuestionIds;
  readonly stateKeys: StateKeys;
  readonly notices: { send(messages: readonly NoticeMessage[]): Promise<void> };
  advance(seconds: number): void;
  /** Whom the name means now. */
  person(userId: string): Promise<Person>;
  /** The key of that person's record. */
  keyOf(userId: string): Promise<string>;
  /** The code of the last send of a user's challenge, computed as the worker does. */
  codeOf(userId: string, client: string, session?: string): Promise<string>;
}

export function backendOn(
  table: Table,
  policy: Policy = defaultPolicy,
  keyring: Keyring = keyringOf(new Map([[1, randomBytes(32)]])),
): Backend {
  let now = someDay;
  const clock = { now: () => now };
  const users = userStore(table, policy, clock);
  const queued: Backend['queued'] = [];
  const outcomes: OutcomeMessage[] = [];
  const told: NoticeMessage[] = [];
  const names = { users, names: nameStore(table), sameNames: [], keyring };
  const person = (userId: string) => findPerson(userId, names);
  return {
    ...names,
    policy,
    clock,
    stateKeys: stateKeysOf(new Map([[1, stateMaster]])),
    limiter: rateLimiter(table),
    audit: codeAudit(table, clock),
    queues: {
      voice: true,
      async send(method, message, delaySeconds = 0) {
        queued.push({ method, message, delaySeconds });
      },
    },
    notices: {
      async send(messages) {
        told.push(...messages);
      },
    },
    questionIds: { current: catalogue, retired: [] },
    voice: true,
    decoyEmailDomain: 'example.com',
    decoys: [],
    defaultLocale: 'en',
    queued,
    outcomes,
    told,
    person,
    keyOf: async (userId) => (await person(userId)).key,
    advance(seconds) {
      now += seconds * 1000;
    },
    async codeOf(userId, client, session) {
      const { record } = await person(userId);
      const challenge =
        record.challenges[challengeKeyOf(client, { purpose: 'sign-in', slot: slotOf({ session }) })];
      if (challenge === undefined) throw new Error('no challenge is open');
      return rightCode(challenge, keyring);
    },
  };
}

/** As many messages as guesses need, for tests in which sends are not what is tested. */
export const manySends = {
  sends: { ...defaultPolicy.sends, perTenMinutes: 1e6, perHour: 1e6, perDay: 1e6 },
} as const;

/** A help desk that is asked for no proof, for tests that are about something else. */
export const trusting = {
  helpDesk: {
    ...defaultPolicy.helpDesk,
    callerProof: 'off',
    codesPerUserPerDay: 100,
    perOperatorPerHour: 1_000,
    perClientPerHour: 10_000,
  },
} as const;

/** What an operator says who unlocks somebody. */
export const unlocking = { client: 'helpdesk', operator: 'olga', reason: 'back at work' } as const;

let people = 0;

/** Enrols somebody new, with addresses of their own. */
export async function enrolSomebody(backend: Backend): Promise<string> {
  people += 1;
  const userId = `person-${people}-${randomBytes(4).toString('hex')}`;
  const number = `+1202555${String(people % 10_000).padStart(4, '0')}`;
  await enrolUser(
    { userId, phone: { number, country: 'US' }, email: `${userId}@example.com` },
    true,
    backend,
  );
  return userId;
}

/** A code of the same length that is not the right one. */
export function anotherCode(code: string, by = 1): string {
  return String((Number(code) + by) % 10 ** code.length).padStart(code.length, '0');
}

/** A key of a person's shape for a test that has no table to look one up in; the same for the same name. */
export function someKey(name: string): string {
  return createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url');
}
