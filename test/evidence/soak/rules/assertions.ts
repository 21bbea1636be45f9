/** Rules about what was asserted: once, of what was verified, to whom it was due. */
import type { RecoveryPath } from '../../../../shared/domain/policy/recovery-paths.ts';
import {
  assertionOf,
  asserts,
  codeIn,
  type Entry,
  groupedBy,
  isRight,
  requestOf,
  rule,
} from '../observed.ts';
import { claims } from './claims.ts';

/** What an assertion is of: a challenge, a recovery, or a backup code of a person. */
const sourceOf = ({ op, subject, user, code }: Entry): string =>
  op === 'use-code' ? `backup code ${user} ${code}` : (subject ?? '');

const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id);

export const oneAssertion = rule(
  'one-assertion',
  'one thing that was verified has one assertion',
  ({ entries }) =>
    [...groupedBy(entries.filter(asserts), sourceOf)].flatMap(([source, same]) =>
      new Set(same.map(({ body }) => assertionOf(body))).size > 1
        ? [{ ids: [source, ...ids(same)], text: 'has several assertions' }]
        : [],
    ),
);

export const oneSource = rule('one-source', 'one assertion is of one thing', ({ entries }) =>
  [...groupedBy(entries.filter(asserts), ({ body }) => assertionOf(body))].flatMap(([, same]) =>
    new Set(same.map(sourceOf)).size > 1 ? [{ ids: ids(same), text: 'have the same assertion' }] : [],
  ),
);

export const oneSuccess = rule(
  'one-success',
  'one request alone is told that a code was right',
  ({ entries }) =>
    [...groupedBy(entries.filter(isRight), sourceOf)].flatMap(([source, same]) =>
      new Set(same.map(requestOf)).size > 1
        ? [{ ids: [source, ...ids(same)], text: 'was accepted from several requests' }]
        : [],
    ),
);

export const consumed = rule(
  'consumed',
  'a challenge that was verified is used up in the table and noted in the log',
  ({ entries, records, won, log }) => {
    const logged = new Set(
      log.filter(({ event }) => /-verified$/.test(event)).map(({ challenge }) => challenge),
    );
    const kept = new Set(
      records.flatMap(({ challenges, kbaChallenges, past, pastKba }) =>
        [...Object.values(challenges), ...Object.values(kbaChallenges), ...past, ...pastKba].map(
          ({ id }) => id,
        ),
      ),
    );
    return entries
      .filter((entry) => isRight(entry) && entry.op !== 'use-code')
      .flatMap(({ id, subject = '', killed }) => {
        // The line of an instance that ended then may not have been read.
        if (!logged.has(subject) && !killed) return [{ ids: [id, subject], text: 'is not in the log' }];
        return kept.has(subject) && !won.has(subject)
          ? [{ ids: [id, subject], text: 'was not used up' }]
          : [];
      });
  },
);

/** Of each request that was told it was right the first sending: its repetition may come later than the code lives. */
function firstTold(entries: readonly Entry[]): Entry[] {
  const told = new Set(entries.filter(isRight).map(requestOf));
  return [...groupedBy(entries, requestOf)].flatMap(([request, [first]]) =>
    first && told.has(request) ? [first] : [],
  );
}

export const sentCode = rule(
  'sent-code',
  'an accepted code had been sent to the person, within its life',
  ({ entries, messages, addresses, policy }) =>
    firstTold(entries)
      .filter(({ op }) => op === 'verify')
      .flatMap(({ id, user, code, from, to }) => {
        const found = messages.some((message) => {
          const at = Date.parse(message.at);
          const lives = at <= to && at + policy.otp.lifetimeSeconds * 1000 >= from;
          return lives && codeIn(message) === code && addresses[user]?.includes(message.to);
        });
        return found ? [] : [{ ids: [id, user], text: 'no such code had been sent' }];
      }),
);

export const expired = rule('expired', 'nothing is verified after its time', ({ entries }) => {
  const ends = new Map(
    entries.flatMap(({ body }) =>
      [body, body?.step?.challenge].flatMap((found): [string, number][] =>
        found?.challengeId && found.expiresAt ? [[found.challengeId, Date.parse(found.expiresAt)]] : [],
      ),
    ),
  );
  return firstTold(entries).flatMap(({ id, subject = '', from }) =>
    from > (ends.get(subject) ?? Number.POSITIVE_INFINITY) ? [{ ids: [id, subject], text: 'was over' }] : [],
  );
});

export const recoverySteps = rule(
  'recovery-steps',
  'a recovery that succeeded had every step of its path',
  ({ entries }) =>
    entries
      .filter(({ op, body }) => op === 'recovery' && body?.status === 'succeeded')
      .flatMap(({ id, subject, body }) => {
        const steps: Readonly<Record<string, readonly Entry['op'][]>> = {
          kba: ['check'],
          'otp-alternate-email': ['verify'],
          'kba+otp-alternate-email': ['check', 'verify'],
          'backup-code': ['use-code'],
        } satisfies Record<RecoveryPath, readonly Entry['op'][]>;
        const own = entries.filter(
          ({ recovery, status }) => recovery === subject && (status === 200 || status === 0 || status >= 500),
        );
        const missing = (steps[body.verification?.method] ?? ['check']).filter(
          (step) => !own.some(({ op }) => op === step),
        );
        return missing.length > 0 ? [{ ids: [id, subject ?? ''], text: `succeeded without ${missing}` }] : [];
      }),
);

export const assertionRules = [
  oneAssertion,
  oneSource,
  oneSuccess,
  consumed,
  sentCode,
  expired,
  claims,
  recoverySteps,
];
