/** What becomes of a person's record when they are enrolled, replaced or changed: pure, and decided anew in a race. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { type Contact, decryptContact, encryptEnrolled } from '../contact/contact.ts';
import { sinceAfter } from '../contact/hold.ts';
import { withNotices } from '../contact/notices.ts';
import { sameInbox } from '../contact/same-inbox.ts';
import { chooseQuestions } from '../kba/choose-questions.ts';
import { type EnrolledQuestion, encryptQuestions } from '../kba/enrolled-questions.ts';
import { nameForm } from '../names/name-form.ts';
import { formsOf } from '../names/person.ts';
import type { AddressKind } from '../policy/methods.ts';
import type { NoticeKind } from '../user-record/notice.ts';
import type { Decision } from '../user-record/update-user.ts';
import type { SecurityQuestions, UserRecord } from '../user-record/user-record.ts';
import { countAliases, mergedAliases, mostAliases } from './aliases.ts';
import { closeChallenges, turnToDecoys } from './close-challenges.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';
import { describe, type EnrolledUser } from './read-users.ts';

/** `undefined` keeps what is there, `null` removes it. A `userId` renames. */
export type ContactPatch = {
  readonly [Field in Exclude<keyof Contact, 'userId' | 'since' | 'stoppedAt'>]?:
    | Contact[Field]
    | null
    | undefined;
} & { readonly userId?: string | undefined };

export type Change =
  /** Aliases stay unless given, and the spelling of the userId as it was enrolled first. */
  | {
      readonly kind: 'replace';
      readonly contact: Contact;
      readonly enabled: boolean;
      /** Refused where somebody has the name. */
      readonly isNew?: boolean | undefined;
    }
  | { readonly kind: 'patch'; readonly fields: ContactPatch; readonly enabled?: boolean | undefined };

export interface Enrolled {
  readonly kind: 'enrolled';
  readonly created: boolean;
  readonly user: EnrolledUser;
  /** A protected person was changed, or is protected no more. */
  readonly isProtectionTouched: boolean;
}

export type Refused =
  /** Another person has this name, as it was given. */
  | { readonly kind: 'name-taken'; readonly name: string }
  | { readonly kind: 'not-found' | 'same-inbox' | 'too-many-aliases' };

export type EnrolOutcome = Enrolled | Refused;

export interface EnrolmentDecision extends Decision<EnrolOutcome> {
  readonly now: number;
  /** All names, as they are spelled. */
  readonly contact?: Contact | undefined;
  /** Forms of the names that the person gets, and of those that they lose. */
  readonly taken: readonly string[];
  readonly released: readonly string[];
}

export function decideEnrolment(
  found: UserRecord,
  change: Change,
  questions: readonly EnrolledQuestion[] | undefined,
  ports: EnrolmentPorts,
): EnrolmentDecision {
  const { keyring, clock, policy, sameNames } = ports;
  const now = clock.now();
  const refused = (kind: 'not-found' | 'same-inbox' | 'too-many-aliases'): EnrolmentDecision => ({
    outcome: { kind },
    now,
    taken: [],
    released: [],
  });
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const before = record.enrolment && decryptContact(record.enrolment.contact, record.locator, keyring);
  if (change.kind === 'replace' && change.isNew && before !== undefined) {
    const outcome = { kind: 'name-taken', name: change.contact.userId } as const;
    return { outcome, now, taken: [], released: [] };
  }
  const wanted = contactAfter(change, before);
  if (wanted === undefined) return refused('not-found');
  const changed = before === undefined ? [] : changedAddresses(before, wanted);
  const since = sinceAfter(before, wanted, changed, now);
  const aliases = mergedAliases(wanted.userId, wanted.aliases);
  const contact = { ...wanted, aliases, since, stoppedAt: before?.stoppedAt };
  if (contact.alternateEmail !== undefined && sameInbox(contact.email ?? '', contact.alternateEmail))
    return refused('same-inbox');
  if (countAliases(contact.userId, contact.aliases, ports) > mostAliases) return refused('too-many-aliases');

  const enabled = change.enabled ?? record.enrolment?.enabled ?? true;
  const enrolment = {
    userId: contact.userId,
    contact: encryptEnrolled({ ...contact, enabled }, record.locator, keyring),
    enabled,
  };
  const told = record.enrolment ? [record.enrolment.contact, enrolment.contact] : [];
  const news = whatToTell(record, { before, contact, changed, questions }, ports);
  const notices = news.reduce(
    (pending, kind) => withNotices({ ...record, notices: pending }, kind, told, now),
    record.notices,
  );
  const after: UserRecord = {
    ...closeChallenges(enabled ? record : turnToDecoys(record, keyring), changed, now, keyring),
    enrolment,
    securityQuestions: questionsFor(record, questions, ports),
    notices,
  };
  const user = describe(after, enrolment, ports);
  const isProtectionTouched = before?.protected === true && news.some((kind) => kind !== 'questions-changed');
  return {
    outcome: { kind: 'enrolled', created: before === undefined, user, isProtectionTouched },
    after,
    now,
    contact,
    ...formsChanged(before, contact, sameNames),
  };
}

interface Changes {
  readonly before: Contact | undefined;
  readonly contact: Contact;
  readonly changed: readonly AddressKind[];
  readonly questions: readonly EnrolledQuestion[] | undefined;
}

/** One notice of each kind, in the order in which they are told. */
function whatToTell(
  record: UserRecord,
  { before, contact, changed, questions }: Changes,
  ports: EnrolmentPorts,
): readonly NoticeKind[] {
  const areQuestionsOther =
    questions !== undefined && (questions.length > 0 || record.securityQuestions !== undefined);
  const areNamesOther = before !== undefined && areNamesChanged(before, contact, ports);
  const isUnprotected = before?.protected === true && contact.protected !== true;
  return [
    ...(changed.length > 0 ? (['address-changed'] as const) : []),
    ...(areQuestionsOther ? (['questions-changed'] as const) : []),
    ...(areNamesOther ? (['names-changed'] as const) : []),
    ...(isUnprotected ? (['protection-ended'] as const) : []),
  ];
}

function formsChanged(before: Contact | undefined, after: Contact, sameNames: EnrolmentPorts['sameNames']) {
  const had = before === undefined ? new Set<string>() : formsOf(before, sameNames);
  const has = formsOf(after, sameNames);
  return {
    taken: [...has].filter((form) => !had.has(form)),
    released: [...had].filter((form) => !has.has(form)),
  };
}

/** The userId, an alias, or an externalId that was there. One that a directory adds takes nothing and is not told. */
function areNamesChanged(before: Contact, after: Contact, { sameNames }: EnrolmentPorts): boolean {
  const form = ({ userId }: Contact) => nameForm(userId, sameNames);
  const aliases = ({ userId, aliases = [] }: Contact) =>
    [...formsOf({ userId, aliases }, sameNames)].toSorted().join('\n');
  const had = before.directory?.externalId;
  return (
    form(before) !== form(after) ||
    aliases(before) !== aliases(after) ||
    (had !== undefined && had !== after.directory?.externalId)
  );
}

/** `undefined` where there is nobody to change. */
function contactAfter(change: Change, before: Contact | undefined): Contact | undefined {
  if (change.kind === 'replace') {
    const { contact } = change;
    // As it was enrolled first: an assertion that is asked for again must not say the name another way.
    const userId = before?.userId ?? contact.userId;
    return {
      ...contact,
      userId,
      aliases: contact.aliases ?? before?.aliases,
      directory: contact.directory ?? before?.directory,
      protected: contact.protected ?? before?.protected,
    };
  }
  if (before === undefined) return undefined;
  const given = Object.entries(change.fields).filter(([, value]) => value !== undefined);
  const fields = Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
  return { ...before, ...fields };
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
  return { ciphertext: encryptQuestions(questions, asked, locator, keyring), asked };
}

function changedAddresses(before: Contact, after: Contact): AddressKind[] {
  const changed: AddressKind[] = [];
  if (before.phone?.number !== after.phone?.number) changed.push('phone');
  if (!isSame(before.email, after.email)) changed.push('email');
  if (!isSame(before.alternateEmail, after.alternateEmail)) changed.push('alternateEmail');
  return changed;
}

/** One that differs in case alone is no other address. */
function isSame(before: string | undefined, after: string | undefined): boolean {
  return before?.toLowerCase() === after?.toLowerCase();
}
