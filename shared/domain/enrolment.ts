/** Enrolling, reading, unlocking and removing users, and what a change of address closes and tells. */
import { randomBytes } from 'node:crypto';
import { type Contact, enrolledMethods, openContact, sealContact } from './contact.ts';
import type { Keyring } from './keyring.ts';
import { type Lock, lockOf } from './lockout.ts';
import type { Policy } from './policy.ts';
import type { Clock, NoticeMessage, NoticeQueue, UserStore } from './ports.ts';
import { type AddressKind, addressKindOf } from './sends.ts';
import { type Decision, updateUser } from './update-user.ts';
import { locatorOf } from './user-id.ts';
import {
  type Enrolment,
  type Notice,
  type NoticeKind,
  settle,
  type UserRecord,
  winningGuess,
} from './user-record.ts';

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
  readonly methods: readonly string[];
  readonly lock: Lock;
  /** Stands for the user in logs and records. */
  readonly reference: string;
}

const noticeLifetime = 3_600_000; // milliseconds in which a notice's message must have left its queue

/** Replaces contact data. Challenges that went to an address that changed are closed; every address is told. */
export async function enrolUser(contact: Contact, enabled: boolean, ports: EnrolmentPorts) {
  const locator = locatorOf(contact.userId);
  const { outcome, decision } = await updateUser(ports.users, locator, (record) =>
    decideEnrolment(record, contact, enabled, ports),
  );
  await announce(locator, decision?.after, ports);
  return outcome;
}

export async function removeUser(userId: string, ports: EnrolmentPorts): Promise<'removed' | 'not-found'> {
  const locator = locatorOf(userId);
  const { outcome, decision } = await updateUser(ports.users, locator, (record) =>
    decideRemoval(record, ports),
  );
  await announce(locator, decision?.after, ports);
  return outcome;
}

/** Ends waits and the stop. The challenges that are open keep the attempts they have left. */
export async function unlockUser(userId: string, ports: EnrolmentPorts): Promise<'unlocked' | 'not-found'> {
  const { outcome } = await updateUser(ports.users, locatorOf(userId), (record) => {
    if (record.enrolment === undefined) return { outcome: 'not-found' as const };
    const settled = settle(record, ports.keyring, ports.clock.now(), ports.policy.lockout);
    return { outcome: 'unlocked' as const, after: { ...settled, spent: [], row: 0, rows: {} } };
  });
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
  return {
    contact,
    enabled,
    methods,
    lock: lockOf(record, clock.now(), policy.lockout),
    reference: record.locator,
  };
}

function decideEnrolment(found: UserRecord, contact: Contact, enabled: boolean, ports: EnrolmentPorts) {
  const { keyring, clock, policy } = ports;
  const now = clock.now();
  const record = settle(found, keyring, now, policy.lockout);
  const before = record.enrolment && openContact(record.enrolment.contact, record.locator, keyring);
  const changed = before === undefined ? [] : changedAddresses(before, contact);
  const enrolment = {
    userId: contact.userId,
    contact: sealContact(contact, record.locator, keyring),
    enabled,
  };
  const kept = enabled ? record : turnToDecoys(record, keyring);
  const after: UserRecord = {
    ...closeChallenges(kept, changed, now),
    enrolment,
    notices:
      record.enrolment && changed.length > 0
        ? withNotices(record, 'address-changed', [record.enrolment.contact, enrolment.contact], now)
        : record.notices,
  };
  const outcome = { created: before === undefined, user: describe(after, enrolment, ports) };
  return { outcome, after } satisfies Decision<typeof outcome>;
}

function decideRemoval(
  found: UserRecord,
  { keyring, clock, policy }: EnrolmentPorts,
): Decision<'removed' | 'not-found'> {
  const now = clock.now();
  const { enrolment, ...record } = settle(found, keyring, now, policy.lockout);
  if (enrolment === undefined) return { outcome: 'not-found' };
  const notices = withNotices(record, 'address-changed', [enrolment.contact], now);
  return { outcome: 'removed', after: { ...closeChallenges(record, ['phone', 'email'], now), notices } };
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
    const went = changed.includes(addressKindOf(challenge.send.method));
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

function withNotices(record: UserRecord, kind: NoticeKind, contacts: readonly Uint8Array[], now: number) {
  const live = Object.entries(record.notices).filter(([, notice]) => notice.at > now - noticeLifetime);
  const added = contacts.map((contact): [string, Notice] => [
    randomBytes(16).toString('base64url'),
    { kind, at: now, contact },
  ]);
  return Object.fromEntries([...live, ...added]);
}

/** Queues every notice that is pending, those of an earlier try that failed to queue them included. */
async function announce(
  locator: string,
  record: UserRecord | undefined,
  { notices, keyring }: EnrolmentPorts,
) {
  const told = new Set<string>();
  const messages: NoticeMessage[] = [];
  for (const [notice, { kind, at, contact: sealed, told: reached = [] }] of Object.entries(
    record?.notices ?? {},
  )) {
    const contact = openContact(sealed, locator, keyring);
    for (const address of ['phone', 'email', 'alternateEmail'] as const) {
      const to = address === 'phone' ? contact.phone?.number : contact[address];
      if (to === undefined || reached.includes(address) || told.has(`${kind} ${at} ${to}`)) continue;
      told.add(`${kind} ${at} ${to}`);
      messages.push({ kind: 'notice', locator, notice, address });
    }
  }
  if (messages.length > 0) await notices.send(messages);
}
