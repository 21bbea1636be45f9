/** The spend of an attempt as the table is asked for it: what a record must fulfil, and what grows by it. */
import { waitTable } from '../domain/attempts/lockout.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Spend } from '../domain/user-record/user-store.ts';
import { Expression } from './table.ts';

/** The lock of a user as a condition: the same text for every spend, with values that move with the clock. */
interface LockCondition {
  readonly text: string;
  values(now: number): Readonly<Record<string, number>>;
}

const lockNames = { '#spent': 'spent' };

export function lockCondition({ lockout }: Policy): LockCondition {
  const seconds = new Map([[':since', lockout.windowSeconds]]);
  // Written out without inner brackets, `AND` before `OR`: some engines take exponentially long to read nested ones.
  const free = waitTable(lockout).flatMap(({ wrong, waitSeconds }, index, { length }) => {
    const few = [`attribute_not_exists(#spent[${wrong}])`, `#spent[${wrong}] <= :since`];
    if (waitSeconds === 0) return few;
    seconds.set(`:wait${index}`, waitSeconds);
    const waited = `#spent[0] <= :wait${index}`;
    return index === length - 1 ? [waited] : few.map((condition) => `${condition} AND ${waited}`);
  });
  const spans = [...seconds];
  return {
    text: free.join(' OR '),
    values: (now) => Object.fromEntries(spans.map(([name, span]) => [name, now - span * 1000])),
  };
}

/**
 * `requests` and `guesses` of what is guessed at and `spent` of the user grow together or not at all. The lock
 * is read off places of `spent`, newest first: fewer than n + 1 attempts lie in the window when place n holds
 * none that recent.
 */
export function spendExpression(spend: Spend, policy: Policy, lock: LockCondition): Expression {
  const { on, request, guess, newestKey } = spend;
  const expression = spendable(new Expression(), spend, policy, lock);
  const field = (name: string) => fieldOf(expression, on, name);
  const [spent, row] = [expression.path('spent'), expression.path('row')];
  if (on.kind === 'kbaChallenges') {
    const tries = expression.path('kbaTries');
    expression.set(tries, `list_append(${expression.value([guess.at])}, ${tries})`);
  }
  // `newestKey` must never go down. A guess under an older key than the newest known leaves it alone, since the record
  // may hold something of the newer one.
  if (guess.key === newestKey) expression.set(expression.path('newestKey'), expression.value(newestKey));
  return expression
    .set(field('requests'), `list_append(${field('requests')}, ${expression.value([request])})`)
    .set(field('guesses'), `list_append(${field('guesses')}, ${expression.value([guess])})`)
    .set(spent, `list_append(${expression.value([guess.at])}, ${spent})`)
    .set(row, `${row} + ${expression.value(1)}`);
}

const fieldOf = (expression: Expression, on: Spend['on'], name: string) =>
  on.kind === 'codeAttempts' ? expression.path(on.kind, name) : expression.path(on.kind, on.slot, name);

/** What a record must fulfil for an attempt to be spent. One that is not there yet fulfils it for a backup code. */
export function spendable(
  expression: Expression,
  { on, request, guess, newestKey }: Spend,
  { lockout, kba }: Policy,
  lock: LockCondition,
): Expression {
  const field = (name: string) => fieldOf(expression, on, name);
  const row = expression.path('row');
  const before = (seconds: number) => expression.value(guess.at - seconds * 1000);
  const fewer = (list: string, than: number, since: string) =>
    `attribute_not_exists(${list}[${than}]) OR ${list}[${than}] <= ${since}`;
  if (on.kind !== 'codeAttempts') {
    expression
      .require(`${field('id')} = ${expression.value(on.challengeId)}`)
      .require(`${field('expiresAt')} > ${expression.value(guess.at)}`)
      .require(`size(${field('requests')}) < ${field('attempts')}`);
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
    .bind(lockNames, lock.values(guess.at))
    .require(lock.text);
}
