/** Enrolling, reading, unlocking and removing users, and what a change of address closes and tells. */

import { chooseQuestions } from './choose-questions.ts';
import type { Clock } from './clock.ts';
import type { CodeAudit } from './code-audit.ts';
import { type Contact, enrolledMethods, openContact, sealContact } from './contact.ts';
import { type EnrolledQuestion, openQuestions, sealQuestions } from './enrolled-questions.ts';
import type { Keyring } from './keyring.ts';
import { type Lock, lockOf } from './lockout.ts';
import type { NoticeQueue } from './messages.ts';
import { type AddressKind, addressKindOf } from './methods.ts';
import { announce, withNotices } from './notices.ts';
import type { Method, Policy } from './policy.ts';
import { requestRememberedMilliseconds } from './request-id.ts';
import { settle } from './settle.ts';
import { type Decision, updateUser } from './update-user.ts';
import { locatorOf } from './user-id.ts';
import type { Enrolment, SecurityQuestions, UserRecord } from './user-record.ts';
import type { UserStore } from './user-store.ts';
import { winningGuess } from './winning-guess.ts';

export interface EnrolmentPorts {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

/** What an administrator sees of a user; the help desk sees it masked. */
export interface EnrolledUser {
  readonly contact: Contact;
  readonly enabled: boolean;
  readonly methods: readonly Method[];
  /** How many security questions are enrolled. */
  readonly questions: number;
  readonly lock: Lock;
  /** Stands for the user in logs and records. */
  readonly reference: string;
}

/**
 * Replaces contact data; security questions stay unless given. Challenges that went to an address that changed are
 * closed; every address, old and new, is told of either change.
 */
export async function enrolUser(
  contact: Contact,
  enabled: boolean,
  ports: EnrolmentPorts,
  questions?: readonly EnrolledQuestion[],
) {
  const locator = locatorOf(contact.userId);
  const enrolling = { contact, enabled, questions };
  const { outcome, decision } = await updateUser(ports.users, locator, (record) =>
    decideEnrolment(record, enrolling, ports),
  );
  await announce(locator, decision?.after, ports);
  return outcome;
}

export async function removeUser(
  userId: string,
  ports: EnrolmentPorts & { readonly audit: CodeAudit },
): Promise<'removed' | 'not-found'> {
  const locator = locatorOf(userId);
  const { outcome, record } = await updateUser(ports.users, locator, (found) => decideRemoval(found, ports), {
    before: async ({ after }) => (after ? ports.audit.forget(locator).then(() => undefined) : undefined),
  });
  // Also of somebody who is removed already: the notice of that may never have been queued.
  await announce(locator, record, ports);
  return outcome;
}

/**
 * Ends waits and the stop, those of security questions too. The challenges that are open keep the attempts they have
 * left. A request that is repeated unlocks nothing that was locked since.
 */
export async function unlockUser(
  userId: string,
  request: string | undefined,
  { users, keyring, clock, policy }: EnrolmentPorts,
): Promise<'unlocked' | 'not-found'> {
  const { outcome } = await updateUser(
    users,
    locatorOf(userId),
    (record): Decision<'unlocked' | 'not-found'> => {
      if (record.enrolment === undefined) return { outcome: 'not-found' };
      const now = clock.now();
      const recent = record.unlocks.filter(({ at }) => at > now - requestRememberedMilliseconds);
      if (recent.some((earlier) => earlier.request === request)) return { outcome: 'unlocked' };
      const settled = settle(record, keyring, now, policy.lockout);
      const unlocks = request === undefined ? recent : [...recent, { request, at: now }];
      return {
        outcome: 'unlocked',
        after: { ...settled, spent: [], row: 0, rows: {}, kbaTries: [], unlocks },
      };
    },
  );
  return outcome;
}

export async function readUser(userId: string, ports: EnrolmentPorts): Promise<EnrolledUser | undefined> {
  const { users, keyring, clock, policy } = ports;
  const record = await users.read(locatorOf(userId));
  if (record?.enrolment === undefined) return undefined;
  return describe(settle(record, keyring, clock.now(), policy.lockout), record.enrolment, ports);
}

/** One page of the enrolled, by name. */
export async function listUsers(limit: number, cursor: string | undefined, ports: EnrolmentPorts) {
  const page = await ports.users.list(limit, cursor);
  return (
    page && {
      ...page,
      users: page.users.map(({ locator, enrolment }) => summarise(locator, enrolment, ports)),
    }
  );
}

function summarise(
  locator: string,
  { contact, enabled, userId }: Enrolment,
  { keyring, policy }: EnrolmentPorts,
) {
  const { displayName, ...addresses } = openContact(contact, locator, keyring);
  return { userId, displayName, enabled, methods: enrolledMethods(addresses, policy), reference: locator };
}

function describe(
  record: UserRecord,
  { contact: sealed, enabled }: Enrolment,
  { keyring, clock, policy }: EnrolmentPorts,
): EnrolledUser {
  const contact = openContact(sealed, record.locator, keyring);
  const methods = enrolledMethods(contact, policy);
  const { securityQuestions: kept } = record;
  const questions = kept === undefined ? 0 : openQuestions(kept.sealed, record.locator, keyring).length;
  const lock = lockOf(record, clock.now(), policy.lockout);
  return { contact, enabled, methods, questions, lock, reference: record.locator };
}

interface Enrolling {
  readonly contact: Contact;
  readonly enabled: boolean;
  readonly questions: readonly EnrolledQuestion[] | undefined;
}

function decideEnrolment(
  found: UserRecord,
  { contact, enabled, questions }: Enrolling,
  ports: EnrolmentPorts,
) {
  const { keyring, clock, policy } = ports;
  const now = clock.now();
  const record = settle(found, keyring, now, policy.lockout);
  const before = record.enrolment && openContact(record.enrolment.contact, record.locator, keyring);
  const changed = before === undefined ? [] : changedAddresses(before, contact);
  // As it was enrolled first: an assertion that is asked for again must not say the name another way.
  const userId = record.enrolment?.userId ?? contact.userId;
  const enrolment = {
    userId,
    contact: sealContact({ ...contact, userId }, record.locator, keyring),
    enabled,
  };
  const kept = enabled ? record : turnToDecoys(record, keyring);
  const told = record.enrolment ? [record.enrolment.contact, enrolment.contact] : [];
  let { notices } = record;
  if (changed.length > 0) notices = withNotices({ ...record, notices }, 'address-changed', told, now);
  if (questions !== undefined && (questions.length > 0 || record.securityQuestions !== undefined))
    notices = withNotices({ ...record, notices }, 'questions-changed', told, now);
  const after: UserRecord = {
    ...closeChallenges(kept, changed, now),
    enrolment,
    securityQuestions: questionsFor(record, questions, ports),
    notices,
  };
  const outcome = { created: before === undefined, user: describe(after, enrolment, ports) };
  return { outcome, after } satisfies Decision<typeof outcome>;
}

function questionsFor(
  { locator, securityQuestions }: UserRecord,
  questions: readonly EnrolledQuestion[] | undefined,
  { keyring, policy }: EnrolmentPorts,
): SecurityQuestions | undefined {
  if (questions === undefined) return securityQuestions;
  if (questions.length === 0) return undefined;
  const ids = questions.map(({ questionId }) => questionId);
  const asked = chooseQuestions(ids, policy.kba.questions, locator, '', keyring);
  return { sealed: sealQuestions(questions, locator, keyring), asked };
}

function decideRemoval(
  found: UserRecord,
  { keyring, clock, policy }: EnrolmentPorts,
): Decision<'removed' | 'not-found'> {
  const now = clock.now();
  const { enrolment, securityQuestions: _, ...record } = settle(found, keyring, now, policy.lockout);
  if (enrolment === undefined) return { outcome: 'not-found' };
  const notices = withNotices(record, 'address-changed', [enrolment.contact], now);
  return {
    outcome: 'removed',
    after: {
      ...closeChallenges(record, ['phone', 'email', 'alternateEmail'], now),
      kbaChallenges: endedAt(record.kbaChallenges, now),
      codeBatches: {},
      uses: [],
      notices,
    },
  };
}

function endedAt(challenges: UserRecord['kbaChallenges'], now: number): UserRecord['kbaChallenges'] {
  const ended = Object.entries(challenges).map(
    ([slot, challenge]) => [slot, { ...challenge, expiresAt: Math.min(challenge.expiresAt, now) }] as const,
  );
  return Object.fromEntries(ended);
}

function changedAddresses(before: Contact, after: Contact): AddressKind[] {
  const changed: AddressKind[] = [];
  if (before.phone?.number !== after.phone?.number) changed.push('phone');
  if (before.email !== after.email) changed.push('email');
  if (before.alternateEmail !== after.alternateEmail) changed.push('alternateEmail');
  return changed;
}

/** Ends what is open for an address that is no longer the user's, and the gap with it. */
function closeChallenges(record: UserRecord, changed: readonly AddressKind[], now: number): UserRecord {
  const challenges = Object.entries(record.challenges).map(([slot, challenge]) => {
    const went = changed.includes(
      challenge.purpose === 'recovery' ? 'alternateEmail' : addressKindOf(challenge.send.method),
    );
    const ended = {
      expiresAt: Math.min(challenge.expiresAt, now),
      resendAt: Math.min(challenge.resendAt, now),
    };
    return [slot, went ? { ...challenge, ...ended } : challenge] as const;
  });
  return { ...record, challenges: Object.fromEntries(challenges) };
}

/** Who is disabled cannot finish what was open, and its client sees nothing change: no code is right any more. */
function turnToDecoys(record: UserRecord, keyring: Keyring): UserRecord {
  const challenges = Object.entries(record.challenges).map(([slot, challenge]) => {
    const unsolved = winningGuess(challenge, keyring) === undefined;
    const send = { ...challenge.send, genuine: false };
    return [slot, unsolved ? { ...challenge, send } : challenge] as const;
  });
  return { ...record, challenges: Object.fromEntries(challenges) };
}
