/** What a decision changed in a record, as one conditional update. */
import type { Policy } from '../domain/policy/policy.ts';
import type { OtpChallenge } from '../domain/user-record/challenge.ts';
import type { UserRecord } from '../domain/user-record/user-record.ts';
import { paddingBytes } from './padding.ts';
import { Expression } from './table.ts';
import { listed, packed } from './user-item.ts';

/** Attributes that are written as a whole when they differ. */
const plainFields = [
  'newestKey',
  'failedAttempts',
  'anonymousFailedAttempts',
  'consecutiveFailures',
  'anonymousConsecutiveFailures',
  'failuresByAuthenticator',
  'past',
  'pastKba',
  'replies',
  'writer',
  'kbaTries',
  'anonymousKbaTries',
  'securityQuestions',
  'codeAttempts',
  'sent',
  'toldOfMessagesAt',
] as const satisfies readonly (keyof UserRecord)[];

/** Fields of a challenge that decisions change. Attempts are recorded by a write of their own. */
const challengeFields = [
  'expiresAt',
  'methods',
  'masked',
  'delivery',
  'unanswered',
  'proofGiven',
  'sendsInRow',
  'resendAt',
  'reconciledUpTo',
] as const satisfies readonly (keyof OtpChallenge)[];

/** Fields that only enrolled users have; they are stored in one attribute, beside the padding. */
const packedFields = [
  'enrolment',
  'securityQuestions',
  'codeBatches',
  'generations',
  'uses',
  'unlocks',
  'helpDesk',
] as const satisfies readonly (keyof UserRecord)[];

/**
 * Sets what differs. The write holds only for the `revision` that was read, which every such write raises. It also holds
 * only for the lengths of the two lists of failed attempts, since every attempt lengthens one. So of several decisions on
 * one reading one wins, and none of them overlooks an attempt.
 *
 * @param ttl epoch seconds; `undefined` for a record that stays
 */
export function difference(
  before: UserRecord,
  after: UserRecord,
  ttl: number | undefined,
  policy: Policy,
): Expression {
  const expression = new Expression();
  const path = (name: string) => expression.path(name);
  expression
    .require(`${path('revision')} = ${expression.value(before.revision)}`)
    .require(`size(${path('failedAttempts')}) = ${expression.value(before.failedAttempts.length)}`)
    .require(unattempted(expression, before))
    .set(path('revision'), expression.value(before.revision + 1));
  for (const field of plainFields) {
    if (after[field] !== before[field]) setOrRemove(expression, [field], after[field]);
  }
  setChallenges(expression, before, after);
  setNotices(expression, before, after);
  if (packedFields.some((field) => after[field] !== before[field])) {
    const codes = packed(after);
    const padding = new Uint8Array(paddingBytes(after, codes.length, policy));
    expression.set(path('codes'), expression.value(codes)).set(path('padding'), expression.value(padding));
  }
  if (after.enrolment !== before.enrolment) setEnrolment(expression, after);
  setOrRemove(expression, ['ttl'], ttl);
  return expression;
}

/** A record that is older than the list has none, as one without such an attempt. */
function unattempted(expression: Expression, { anonymousFailedAttempts: { length } }: UserRecord): string {
  const list = expression.path('anonymousFailedAttempts');
  return length === 0 ? `attribute_not_exists(${list}[0])` : `size(${list}) = ${expression.value(length)}`;
}

function setChallenges(expression: Expression, before: UserRecord, after: UserRecord): void {
  removeGone(expression, 'challenges', before, after);
  removeGone(expression, 'kbaChallenges', before, after);
  for (const [challengeKey, challenge] of Object.entries(after.challenges)) {
    const previous = before.challenges[challengeKey];
    if (challenge === previous) continue;
    const place = ['challenges', challengeKey];
    if (challenge.id !== previous?.id) {
      setOrRemove(expression, place, challenge);
      continue;
    }
    for (const field of challengeFields) {
      if (challenge[field] === previous[field]) continue;
      expression.set(expression.path(...place, field), expression.value(challenge[field]));
    }
  }
  for (const [challengeKey, challenge] of Object.entries(after.kbaChallenges)) {
    if (challenge === before.kbaChallenges[challengeKey]) continue;
    setOrRemove(expression, ['kbaChallenges', challengeKey], challenge);
  }
}

function removeGone(
  expression: Expression,
  field: 'challenges' | 'kbaChallenges',
  { [field]: before }: UserRecord,
  { [field]: after }: UserRecord,
): void {
  for (const challengeKey of Object.keys(before)) {
    if (after[challengeKey] === undefined) expression.remove(expression.path(field, challengeKey));
  }
}

/** One by one: the delivery worker may record in other notices whom it notified. */
function setNotices(expression: Expression, before: UserRecord, after: UserRecord): void {
  for (const id of new Set([...Object.keys(before.notices), ...Object.keys(after.notices)])) {
    const notice = after.notices[id];
    if (notice !== before.notices[id]) setOrRemove(expression, ['notices', id], notice);
  }
}

function setEnrolment(expression: Expression, record: UserRecord): void {
  const attributes: Readonly<Record<string, unknown>> = listed(record);
  for (const field of ['userId', 'contact', 'enabled', 'listKey']) {
    setOrRemove(expression, [field], attributes[field]);
  }
}

function setOrRemove(expression: Expression, place: readonly string[], value: unknown): void {
  const path = expression.path(...place);
  if (value === undefined) expression.remove(path);
  else expression.set(path, expression.value(value));
}
