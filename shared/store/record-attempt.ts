/** Recording an attempt: the conditions that allow it and what it adds to the record, in one conditional write. */
import { listsOf } from '../domain/attempts/counted-apart.ts';
import { anonymousAttemptsBeforeStop, waitTable } from '../domain/attempts/lockout.ts';
import { isAnonymous } from '../domain/identifiers/client.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { AttemptRequest } from '../domain/user-record/user-store.ts';
import { Expression } from './table.ts';

/** The user's lock as a condition. Its text is the same for every attempt; only the times in `values` change. */
export interface LockCondition {
  readonly text: string;
  values(now: number): Readonly<Record<string, number>>;
}

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
  const { on, client, request, attempt, newestKey, isUncounted } = attempted;
  const lists = listsOf(client);
  const expression = requireAllowed(new Expression(), attempted, policy, lock);
  const field = (name: string) => fieldOf(expression, on, name);
  if (on.kind === 'kbaChallenges') addFirst(expression, lists.tries, attempt.at);
  // `newestKey` must never go down: the record may already hold something made with a newer key.
  if (attempt.key === newestKey) expression.set(expression.path('newestKey'), expression.value(newestKey));
  if (!isUncounted) {
    addFirst(expression, lists.failed, attempt.at);
    addOne(expression, 'consecutiveFailures');
    if (isAnonymous(client)) addOne(expression, 'anonymousConsecutiveFailures');
  }
  return expression
    .set(field('requests'), `list_append(${field('requests')}, ${expression.value([request])})`)
    .set(field('attempts'), `list_append(${field('attempts')}, ${expression.value([attempt])})`);
}

/** In a table that was restored: refuses attempts at challenges whose end it may not know. */
export function requireBegunSince(
  expression: Expression,
  { on }: AttemptRequest,
  validSince: number,
): Expression {
  if (on.kind === 'codeAttempts') return expression;
  return expression.require(`${fieldOf(expression, on, 'startedAt')} >= ${expression.value(validSince)}`);
}

/** A record that is older than the list, or than the count, has none. */
function addFirst(expression: Expression, name: string, at: number): void {
  const list = expression.path(name);
  const before = `if_not_exists(${list}, ${expression.value([])})`;
  expression.set(list, `list_append(${expression.value([at])}, ${before})`);
}

function addOne(expression: Expression, name: string): void {
  const count = expression.path(name);
  expression.set(count, `if_not_exists(${count}, ${expression.value(0)}) + ${expression.value(1)}`);
}

const fieldOf = (expression: Expression, on: AttemptRequest['on'], name: string) =>
  on.kind === 'codeAttempts'
    ? expression.path(on.kind, name)
    : expression.path(on.kind, on.challengeKey, name);

/** Adds the conditions that allow an attempt. For a backup code, a record that does not exist yet meets them all. */
export function requireAllowed(
  expression: Expression,
  { on, client, request, attempt, newestKey, isUncounted }: AttemptRequest,
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
      .require(fewer(expression.path(listsOf(client).tries), kba.tries - 1, before(kba.windowSeconds)));
  }
  const known = expression.path('newestKey');
  expression
    .require(`attribute_not_exists(${known}) OR ${known} <= ${expression.value(newestKey)}`)
    .require(`NOT contains(${field('requests')}, ${expression.value(request)})`);
  if (isUncounted) return expression;
  const below = (name: string, stop: number) => {
    const inARow = expression.path(name);
    return `attribute_not_exists(${inARow}) OR ${inARow} < ${expression.value(stop)}`;
  };
  expression.require(below('consecutiveFailures', lockout.attemptsBeforeStop));
  if (isAnonymous(client))
    expression.require(below('anonymousConsecutiveFailures', anonymousAttemptsBeforeStop(lockout)));
  return expression.bind({ '#failed': listsOf(client).failed }, lock.values(attempt.at)).require(lock.text);
}
