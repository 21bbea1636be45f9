/** Rules about answers: only documented ones, the same for the same request, and nobody is left stuck. */
import { requestRememberedMilliseconds } from '../../../../shared/domain/identifiers/request-id.ts';
import { type Entry, groupedBy, isRight, type Observed, requestOf, rule } from '../observed.ts';

const documented: readonly number[] = [200, 201, 204, 403, 404, 409, 410, 422, 429, 503];

export const statuses = rule(
  'statuses',
  'every answer is documented; a fault is a 503 that says when to come back',
  ({ entries }) =>
    entries.flatMap(({ id, op, status, retryAfter, killed }) => {
      if ((status === 0 || status === 500 || status === 503) && killed) return [];
      if (!documented.includes(status)) return [{ ids: [id], text: `${op} answered ${status}` }];
      return status === 503 && !retryAfter
        ? [{ ids: [id], text: `${op} answered 503 without Retry-After` }]
        : [];
    }),
);

export const replays = rule(
  'replays',
  'a request that is repeated under its key within ten minutes is answered alike',
  ({ entries }) => {
    const kept = entries.filter(({ key, status }) => key !== undefined && status >= 200 && status < 300);
    return [...groupedBy(kept, (entry) => `${requestOf(entry)} ${entry.request}`).values()].flatMap(
      (same) => {
        const other = same.find((entry) =>
          same.some((first) => isRepeated(first, entry) && !isAlike(first, entry)),
        );
        return other === undefined
          ? []
          : [{ ids: same.map(({ id }) => id), text: 'were answered differently' }];
      },
    );
  },
);

/** For sure within the ten minutes for which answers are remembered. */
const isRepeated = (one: Entry, other: Entry): boolean =>
  Math.max(one.to, other.to) - Math.min(one.from, other.from) <= requestRememberedMilliseconds;
const isAlike = (one: Entry, other: Entry): boolean => one.status === other.status && one.text === other.text;

/** When a name was surely disabled: after an answered PUT said so and before the next PUT was sent. */
function disabledSpans({ entries }: Observed, user: string): (readonly [number, number])[] {
  const puts = entries.filter((entry) => entry.op === 'enrol' && entry.user === user);
  return puts.flatMap(({ status, request, to }, place): (readonly [number, number])[] => {
    if (status > 201 || status === 0 || JSON.parse(request).enabled !== false) return [];
    return [[to, puts[place + 1]?.from ?? Number.POSITIVE_INFINITY]];
  });
}

export const nobody = rule(
  'nobody',
  'nothing is verified for a name that is unknown or disabled',
  (observed) => {
    const { entries, addresses } = observed;
    return entries.filter(isRight).flatMap(({ id, user, from, to }) => {
      if (addresses[user] === undefined) return [{ ids: [id, user], text: 'is nobody' }];
      const isDisabled = disabledSpans(observed, user).some(([start, end]) => from > start && to < end);
      return isDisabled ? [{ ids: [id, user], text: 'was disabled' }] : [];
    });
  },
);

export const batches = rule(
  'batches',
  'a backup code of a batch that was replaced is not accepted',
  ({ entries }) =>
    entries
      .filter((entry) => entry.op === 'use-code' && isRight(entry))
      .flatMap(({ id, user, from, code }) => {
        const made = entries.filter(
          (entry) => entry.op === 'generate' && entry.user === user && entry.status === 201,
        );
        const latest = made.filter(({ to }) => to < from).at(-1);
        const batch = made.find(({ body }) => body.codes.includes(code));
        const isOld = latest !== undefined && batch !== undefined && batch.to < latest.from;
        return isOld ? [{ ids: [id, user], text: 'was of an old batch' }] : [];
      }),
);

export const notStuck = rule('not-stuck', 'in the end everybody can sign in', ({ finals }) =>
  finals
    .filter(({ entry }) => entry?.status !== 200)
    .map(({ user, entry }) => ({
      ids: [user, entry?.id ?? ''],
      text: `ended with ${entry?.status ?? 'nothing'}`,
    })),
);

export const recoveriesOver = rule(
  'recoveries-over',
  'every recovery is over fifteen minutes after its start',
  ({ entries }) =>
    [
      ...groupedBy(
        entries.filter(({ op, status }) => op === 'recovery' && status === 200),
        ({ subject }) => subject,
      ),
    ].flatMap(([recovery, same]) => {
      const last = same.at(-1);
      const isOpen = last?.body.status === 'pending' && last.from > Date.parse(last.body.expiresAt);
      return isOpen ? [{ ids: [recovery, last.id], text: 'is still pending' }] : [];
    }),
);

export const answerRules = [statuses, replays, nobody, batches, notStuck, recoveriesOver];
