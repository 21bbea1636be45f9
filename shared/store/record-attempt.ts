/** Recording an attempt: the conditions that allow it and what it adds to the record, in one conditional write. */
import { waitTable } from '../domain/attempts/lockout.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { AttemptRequest } from '../domain/user-record/user-store.ts';
import { Expression } from './table.ts';

/** The user's lock as a condition. Its text is the same for every attempt; only the times in `values` change. */
export interface LockCondition {
  readonly text: string;
  values(now: number): Readonly<Record<string, number>>;
}

const lockNames = { '#failed': 'failedAttempts' };

/**
 * Holds while the user is not throttled.
 *
 * DynamoDB cannot count, but it can test one item of a list. `failedAttempts` is newest first and counted from 0, so "at
 * most n failures in the window" means that item n is missing or older than the window. A row of the wait table allows
 * an attempt when there are at most its `wrong` failures and `waitSeconds` have passed since the newest. The last
 * row asks for its wait alone. One row that allows an attempt is enough.
 */
export function lockCondition({ lockout }: Policy): LockCondition {
  const seconds = new Map([[':since', lockout.windowSeconds]]);
  // No inner brackets, since `AND` binds before `OR`: some engines take exponentially long to parse nested ones.
  const allowing = waitTable(lockout).flatMap(({ wrong, waitSeconds }, index, { length }) => {
    const few = [`attribute_not_exists(#failed[${wrong}])`, `#failed[${wrong}] <= :since`];
    if (waitSeconds === 0) return few;
    seconds.set(`:wait${index}`, waitSeconds);
    const waited = `#failed[0] <= :wait${index}`;
    return index === length - 1 ? [waited] : few.map((condition) => `${condition} AND ${waited}`);
  });
  const spans = [...seconds];
  return {
    text: allowing.join(' OR '),
    values: (now) => Object.fromEntries(spans.map(([name, span]) => [name, now - span * 1000])),
  };
}

/**
 * Adds the attempt to the challenge and to the user's failures, together or not at all. Of racing attempts each is
 * recorded once and each meets the limits, since every one of them is such a write.
 */
export function attemptExpression(
  attempted: AttemptRequest,
  policy: Policy,
  lock: LockCondition,
): Expression {
  const { on, request, attempt, newestKey, isUncounted } = attempted;
  const expression = requireAllowed(new Expression(), attempted, policy, lock);
  const field = (name: string) => fieldOf(expression, on, name);
  if (on.kind === 'kbaChallenges') {
    const tries = expression.path('kbaTries');
    expression.set(tries, `list_append(${expression.value([attempt.at])}, ${tries})`);
  }
  // `newestKey` must never go down: the record may already hold something made with a newer key.
  if (attempt.key === newestKey) expression.set(expression.path('newestKey'), expression.value(newestKey));
  if (!isUncounted) {
    const failed = expression.path('failedAttempts');
    const inARow = expression.path('consecutiveFailures');
    expression
      .set(failed, `list_append(${expression.value([attempt.at])}, ${failed})`)
      .set(inARow, `${inARow} + ${expression.value(1)}`);
  }
  return expression
    .set(field('requests'), `list_append(${field('requests')}, ${expression.value([request])})`)
    .set(field('attempts'), `list_append(${field('attempts')}, ${expression.value([attempt])})`);
}

const fieldOf = (expression: Expression, on: AttemptRequest['on'], name: string) =>
  on.kind === 'codeAttempts'
    ? expression.path(on.kind, name)
    : expression.path(on.kind, on.challengeKey, name);

/** Adds the conditions that allow an attempt. For a backup code, a record that does not exist yet meets them all. */
export function requireAllowed(
  expression: Expression,
  { on, request, attempt, newestKey, isUncounted }: AttemptRequest,
  { lockout, kba }: Policy,
  lock: LockCondition,
): Expression {
  const field = (name: string) => fieldOf(expression, on, name);
  const before = (seconds: number) => expression.value(attempt.at - seconds * 1000);
  const fewer = (list: string, than: number, since: string) =>
    `attribute_not_exists(${list}[${than}]) OR ${list}[${than}] <= ${since}`;
  if (on.kind !== 'codeAttempts') {
    expression
      .require(`${field('id')} = ${expression.value(on.challengeId)}`)
      .require(`${field('expiresAt')} > ${expression.value(attempt.at)}`)
      .require(`size(${field('requests')}) < ${field('maxAttempts')}`);
  }
  if (on.kind === 'kbaChallenges') {
    expression
      .require(`attribute_not_exists(${field('verified')})`)
      .require(fewer(expression.path('kbaTries'), kba.tries - 1, before(kba.windowSeconds)));
  }
  const known = expression.path('newestKey');
  expression
    .require(`attribute_not_exists(${known}) OR ${known} <= ${expression.value(newestKey)}`)
    .require(`NOT contains(${field('requests')}, ${expression.value(request)})`);
  if (isUncounted) return expression;
  const inARow = expression.path('consecutiveFailures');
  return expression
    .require(`attribute_not_exists(${inARow}) OR ${inARow} < ${expression.value(lockout.attemptsBeforeStop)}`)
    .bind(lockNames, lock.values(attempt.at))
    .require(lock.text);
}
