/** Rules about attempts: no challenge, no person and no day bears more than policy says, and none is lost. */
import { waitSeconds } from '../../../../shared/domain/attempts/lockout.ts';
import {
  distinct,
  type Entry,
  groupedBy,
  isGuess,
  isRight,
  isUncertain,
  isWrong,
  type Observed,
  requestOf,
  rule,
} from '../observed.ts';

const isOnChallenge = (entry: Entry): boolean => entry.op === 'verify' || entry.op === 'check';
const mostOf = ({ op }: Entry, { otp, kba }: Observed['policy']) =>
  op === 'check' ? kba.tries : otp.attempts;

export const challengeAttempts = rule(
  'challenge-attempts',
  'no more attempts at a challenge are evaluated than it has',
  ({ entries, policy }) =>
    [...groupedBy(entries.filter(isOnChallenge), ({ subject }) => subject)].flatMap(([challenge, same]) => {
      const evaluated = distinct(same).filter((entry) => isWrong(entry) || isRight(entry));
      return evaluated.length > mostOf(same[0] as Entry, policy)
        ? [{ ids: [challenge, ...evaluated.map(({ id }) => id)], text: `${evaluated.length} were evaluated` }]
        : [];
    }),
);

export const attemptsKept = rule(
  'attempts-kept',
  'every attempt that was evaluated is in the table once',
  ({ entries, records }) => {
    const guessed = groupedBy(entries.filter(isOnChallenge), ({ subject }) => subject);
    const kept = records.flatMap(({ challenges, kbaChallenges }) => [
      ...Object.values(challenges),
      ...Object.values(kbaChallenges),
    ]);
    return kept.flatMap(({ id, attempts, maxAttempts, requests }) => {
      const same = distinct(guessed.get(id) ?? []);
      const evaluated = same.filter((entry) => isWrong(entry) || isRight(entry)).length;
      // A refusal spends nothing, but one that came second to a right guess was spent.
      const unsure = same.filter((entry) => isUncertain(entry) || entry.status === 410).length;
      if (attempts.length > maxAttempts)
        return [{ ids: [id], text: `has ${attempts.length} attempts of ${maxAttempts}` }];
      if (new Set(requests).size !== requests.length) return [{ ids: [id], text: 'has an attempt twice' }];
      if (attempts.length < evaluated)
        return [{ ids: [id], text: `lost ${evaluated - attempts.length} attempts` }];
      return attempts.length > evaluated + unsure
        ? [{ ids: [id], text: `has ${attempts.length} attempts, of which ${evaluated} were answered` }]
        : [];
    });
  },
);

/** What came after the last unlock that may have taken effect. */
function sinceUnlock(same: readonly Entry[], before: Entry): Entry[] {
  const unlocks = same.filter(
    (entry) => entry.op === 'unlock' && entry.status !== 404 && entry.from <= before.to,
  );
  const last = Math.max(0, ...unlocks.map(({ to }) => to));
  return same.filter((entry) => entry.from > last);
}

/**
 * A right backup code that another request used at the same time: refused, and not counted against the person. The
 * other may have ended in a fault, when it was used and could not be signed for.
 */
function lostRace(entry: Entry, others: readonly Entry[], generated: ReadonlySet<string>): boolean {
  return others.some(
    (other) =>
      isWrong(entry) &&
      (isRight(other) || (isUncertain(other) && generated.has(entry.code ?? ''))) &&
      entry.op === 'use-code' &&
      other.op === 'use-code' &&
      entry.code === other.code &&
      entry.from <= other.to,
  );
}

export const growingWait = rule(
  'growing-wait',
  'from the tenth wrong attempt in the window on, nothing is evaluated before the wait is over',
  ({ entries, policy: { lockout } }) =>
    [...groupedBy(entries, ({ user }) => user)].flatMap(([user, same]) => {
      const made = distinct(same.filter((entry) => isGuess(entry) || entry.op === 'unlock'));
      const generated = new Set(
        same.flatMap(({ op, body }) => (op === 'generate' ? (body?.codes ?? []) : [])),
      );
      const attempts = made.filter((entry) => !lostRace(entry, made, generated));
      // A request that comes again under its key after a fault may have been evaluated when it came first.
      const firstOf = groupedBy(same, requestOf);
      const beganAt = (entry: Entry) =>
        Math.min(...(firstOf.get(requestOf(entry)) ?? [entry]).map(({ from }) => from));
      return attempts
        .filter((entry) => isWrong(entry) || isRight(entry))
        .map((entry) => ({ ...entry, from: beganAt(entry) }))
        .flatMap((entry) => {
          const before = sinceUnlock(attempts, entry).filter(
            (earlier) =>
              isWrong(earlier) &&
              earlier.to < entry.from &&
              earlier.from > entry.to - lockout.windowSeconds * 1000,
          );
          const wait = waitSeconds(before.length, lockout) * 1000;
          const last = Math.max(...before.map(({ from }) => from));
          return wait > 0 && entry.to - last < wait
            ? [
                {
                  ids: [user, entry.id, ...before.map(({ id }) => id)],
                  text: `was evaluated ${entry.to - last} ms after the last of ${before.length}`,
                },
              ]
            : [];
        });
    }),
);

export const hardStop = rule(
  'hard-stop',
  'after so many wrong attempts in a row nothing is evaluated until somebody unlocks',
  ({ entries, policy: { lockout } }) =>
    [...groupedBy(entries, ({ user }) => user)].flatMap(([user, same]) => {
      const attempts = distinct(same).toSorted((a, b) => a.from - b.from);
      let row: Entry[] = [];
      return attempts.flatMap((entry) => {
        if (entry.op === 'unlock' || isRight(entry) || (isGuess(entry) && isUncertain(entry))) row = [];
        else if (isWrong(entry)) row.push(entry);
        return row.length > lockout.attemptsBeforeStop && isWrong(entry)
          ? [{ ids: [user, entry.id], text: `was wrong number ${row.length} in a row` }]
          : [];
      });
    }),
);

export const kbaTries = rule(
  'kba-tries',
  'no more wrong answers are evaluated in the window than policy says',
  ({ entries, policy: { kba } }) =>
    [...groupedBy(entries, ({ user }) => user)].flatMap(([user, same]) => {
      const tries = distinct(same.filter(({ op }) => op === 'check' || op === 'unlock'));
      return tries.filter(isWrong).flatMap((entry) => {
        const inWindow = sinceUnlock(tries, entry).filter(
          (earlier) =>
            isWrong(earlier) && earlier.to <= entry.to && earlier.from > entry.to - kba.windowSeconds * 1000,
        );
        return inWindow.length > kba.tries
          ? [{ ids: [user, ...inWindow.map(({ id }) => id)], text: `${inWindow.length} tries in the window` }]
          : [];
      });
    }),
);

export const attemptRules = [challengeAttempts, attemptsKept, growingWait, hardStop, kbaTries];
