/** What a decision changed in a record, as one conditional update. */
import type { Policy } from '../domain/policy/policy.ts';
import type { OtpChallenge } from '../domain/user-record/challenge.ts';
import type { UserRecord } from '../domain/user-record/user-record.ts';
import { paddingBytes } from './padding.ts';
import { Expression } from './table.ts';
import { listed, packed } from './user-item.ts';

/** Fields that decisions change; guesses grow by spends, and a send's delivery is the worker's to write. */
export const decided = [
  'expiresAt',
  'methods',
  'masked',
  'delivery',
  'unanswered',
  'sendsInRow',
  'resendAt',
  'reconciledUpTo',
] as const satisfies readonly (keyof OtpChallenge)[];

/**
 * Sets what differs. Guarded by `revision`, which every such write raises, and by the length of `spent`, which
 * every spend raises: whoever read before either of them loses.
 */
export function difference(
  before: UserRecord,
  after: UserRecord,
  ttl: number | undefined,
  policy: Policy,
): Expression {
  const expression = new Expression();
  const path = (...segments: string[]) => expression.path(...segments);
  expression
    .require(`${path('revision')} = ${expression.value(before.revision)}`)
    .require(`size(${path('failedAttempts')}) = ${expression.value(before.failedAttempts.length)}`)
    .set(path('revision'), expression.value(before.revision + 1));
  for (const field of [
    'newestKey',
    'failedAttempts',
    'consecutiveFailures',
    'failuresByAuthenticator',
    'past',
    'pastKba',
    'replies',
    'writer',
    'kbaTries',
    'securityQuestions',
    'codeAttempts',
    'sent',
  ] as const) {
    if (after[field] === before[field]) continue;
    if (after[field] === undefined) expression.remove(path(field));
    else expression.set(path(field), expression.value(after[field]));
  }
  for (const [challengeKey, challenge] of Object.entries(after.challenges)) {
    const previous = before.challenges[challengeKey];
    if (challenge === previous) continue;
    if (challenge.id !== previous?.id)
      expression.set(path('challenges', challengeKey), expression.value(challenge));
    else
      for (const field of decided) {
        if (challenge[field] === previous[field]) continue;
        expression.set(path('challenges', challengeKey, field), expression.value(challenge[field]));
      }
  }
  for (const [challengeKey, challenge] of Object.entries(after.kbaChallenges)) {
    if (challenge === before.kbaChallenges[challengeKey]) continue;
    expression.set(path('kbaChallenges', challengeKey), expression.value(challenge));
  }
  // One by one: the worker notes meanwhile whom of the others it told.
  for (const id of new Set([...Object.keys(before.notices), ...Object.keys(after.notices)])) {
    const notice = after.notices[id];
    if (notice === before.notices[id]) continue;
    if (notice === undefined) expression.remove(path('notices', id));
    else expression.set(path('notices', id), expression.value(notice));
  }
  const hasOther = (...fields: readonly (keyof UserRecord)[]) =>
    fields.some((field) => after[field] !== before[field]);
  if (hasOther('enrolment', 'securityQuestions', 'codeBatches', 'generations', 'uses', 'unlocks')) {
    const codes = packed(after);
    const padding = new Uint8Array(paddingBytes(after, codes.length, policy));
    expression.set(path('codes'), expression.value(codes)).set(path('padding'), expression.value(padding));
  }
  if (after.enrolment !== before.enrolment) {
    const attributes: Readonly<Record<string, unknown>> = listed(after);
    for (const field of ['userId', 'contact', 'enabled', 'listKey']) {
      if (attributes[field] === undefined) expression.remove(path(field));
      else expression.set(path(field), expression.value(attributes[field]));
    }
  }
  if (ttl === undefined) expression.remove(path('ttl'));
  else expression.set(path('ttl'), expression.value(ttl));
  return expression;
}
