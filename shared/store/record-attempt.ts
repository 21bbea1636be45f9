/** Recording an attempt in the table: what the record must fulfil, and what grows with it, in one conditional write. */
import { waitTable } from '../domain/attempts/lockout.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { AttemptRequest } from '../domain/user-record/user-store.ts';
import { Expression } from './table.ts';

/** The lock of a user as a condition: the same text for every attempt, with values that move with the clock. */
interface LockCondition {
  readonly text: string;
  values(now: number): Readonly<Record<string, number>>;
}

const lockNames = { '#failed': 'failedAttempts' };

export function lockCondition({ lockout }: Policy): LockCondition {
  const seconds = new Map([[':since', lockout.windowSeconds]]);
  // Written out without inner brackets, `AND` before `OR`: some engines take exponentially long to read nested ones.
  const free = waitTable(lockout).flatMap(({ wrong, waitSeconds }, index, { length }) => {
    const few = [`attribute_not_exists(#failed[${wrong}])`, `#failed[${wrong}] <= :since`];
    if (waitSeconds === 0) return few;
    seconds.set(`:wait${index}`, waitSeconds);
    const waited = `#failed[0] <= :wait${index}`;
    return index === length - 1 ? [waited] : few.map((condition) => `${condition} AND ${waited}`);
  });
  const spans = [...seconds];
  return {
    text: free.join(' OR '),
    values: (now) => Object.fromEntries(spans.map(([name, span]) => [name, now - span * 1000])),
  };
}

/**
 * The challenge's `requests` and `attempts` and the user's `failedAttempts` grow together or not at all. The lock is
 * read off one place of `failedAttempts`, newest first: when place n is empty or too old, at most n lie in the window.
 */
export function attemptExpression(
  attempted: AttemptRequest,
  policy: Policy,
  lock: LockCondition,
): Expression {
  const { on, request, attempt, newestKey } = attempted;
  const expression = requireAllowed(new Expression(), attempted, policy, lock);
  const field = (name: string) => fieldOf(expression, on, name);
  const failed = expression.path('failedAttempts');
  const row = expression.path('consecutiveFailures');
  if (on.kind === 'kbaChallenges') {
    const tries = expression.path('kbaTries');
    expression.set(tries, `list_append(${expression.value([attempt.at])}, ${tries})`);
  }
  // `newestKey` must never go down. An attempt under an older key leaves it alone: the record may hold something of a
  // newer one.
  if (attempt.key === newestKey) expression.set(expression.path('newestKey'), expression.value(newestKey));
  return expression
    .set(field('requests'), `list_append(${field('requests')}, ${expression.value([request])})`)
    .set(field('attempts'), `list_append(${field('attempts')}, ${expression.value([attempt])})`)
    .set(failed, `list_append(${expression.value([attempt.at])}, ${failed})`)
    .set(row, `${row} + ${expression.value(1)}`);
}

const fieldOf = (expression: Expression, on: AttemptRequest['on'], name: string) =>
  on.kind === 'codeAttempts'
    ? expression.path(on.kind, name)
    : expression.path(on.kind, on.challengeKey, name);

/** What a record must fulfil before an attempt counts. One that is not there yet fulfils it for a backup code. */
export function requireAllowed(
  expression: Expression,
  { on, request, attempt, newestKey }: AttemptRequest,
  { lockout, kba }: Policy,
  lock: LockCondition,
): Expression {
  const field = (name: string) => fieldOf(expression, on, name);
  const row = expression.path('consecutiveFailures');
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
  return expression
    .require(`attribute_not_exists(${known}) OR ${known} <= ${expression.value(newestKey)}`)
    .require(`NOT contains(${field('requests')}, ${expression.value(request)})`)
    .require(`attribute_not_exists(${row}) OR ${row} < ${expression.value(lockout.attemptsBeforeStop)}`)
    .bind(lockNames, lock.values(attempt.at))
    .require(lock.text);
}
