/** Rules about messages: how many, to whom, and that each that was promised was sent or dropped for a reason. */
import { reservedMilliseconds, sendWindows } from '../../../../shared/domain/limits/send-windows.ts';
import { codeIn, type Entry, groupedBy, rule } from '../observed.ts';

/** Whether more than `most` of the times lie in some window of that length. */
function exceeds(times: readonly number[], most: number, milliseconds: number): boolean {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.some(
    (time, place) => time - (sorted[place - most] ?? Number.NEGATIVE_INFINITY) < milliseconds,
  );
}

export const destinationCounters = rule(
  'destination-counters',
  'no destination was counted more often in a window than policy says',
  ({ limiter, policy }) =>
    Object.entries(limiter).flatMap(([counter, times]) =>
      sendWindows(policy.sends)
        .filter(({ limit, milliseconds }) => exceeds(times, limit, milliseconds))
        .map(({ limit, milliseconds }) => ({
          ids: [counter],
          text: `more than ${limit} in ${milliseconds} ms`,
        })),
    ),
);

export const destinationMessages = rule(
  'destination-messages',
  'no address got more codes in a window than policy says',
  ({ messages, policy, entries, addresses }) => {
    const unlocked = entries.filter(({ op, status }) => op === 'unlock' && status < 300);
    const givenBack = new Set(unlocked.flatMap(({ user }) => addresses[user] ?? []));
    return [...groupedBy(messages, ({ to }) => to)].flatMap(([to, same]) => {
      const times = givenBack.has(to) ? 2 : 1; // an unlocking gives all of them back, once a day
      // A message may leave as late as its code lives after it was counted, and be counted some time before it was
      // asked for again; one code counts once.
      const firsts = [...groupedBy(same, codeIn).values()].map(([first]) => Date.parse(first?.at ?? ''));
      return sendWindows(policy.sends)
        .filter(({ limit, milliseconds }) =>
          exceeds(
            firsts,
            times * limit,
            milliseconds - reservedMilliseconds - policy.otp.lifetimeSeconds * 1000,
          ),
        )
        .map(({ limit }) => ({
          ids: [`address ending in ${to.slice(-2)}`],
          text: `more than ${times * limit} codes`,
        }));
    });
  },
);

export const userSends = rule(
  'user-sends',
  'nobody was counted for more messages in a day than policy says',
  ({ records, policy }) =>
    records
      .filter(({ sent }) =>
        exceeds(
          sent.map(({ at }) => at),
          policy.sends.perUserPerDay,
          86_400_000,
        ),
      )
      .map(({ locator, sent }) => ({ ids: [locator], text: `${sent.length} messages` })),
);

/** Starts that a person may have in an hour by one client. */
const mostRecoveries = 10;

export const recoveryStarts = rule(
  'recovery-starts',
  'nobody has more recoveries started in an hour by one client than there may be',
  ({ entries }) => {
    const started = entries.filter(({ op, status }) => op === 'recover' && status === 201);
    return [...groupedBy(started, ({ user, client }) => `${user} ${client}`)].flatMap(([who, same]) => {
      const firsts = [...groupedBy(same, ({ subject }) => subject).values()].map(([first]) => first as Entry);
      const sorted = firsts.toSorted((a, b) => a.from - b.from);
      return sorted
        .filter(
          ({ to }, place) =>
            to - (sorted[place - mostRecoveries]?.from ?? Number.NEGATIVE_INFINITY) < 3_600_000,
        )
        .map(({ id }) => ({ ids: [who, id], text: 'was one more' }));
    });
  },
);

export const ended = rule(
  'delivery-ended',
  'every message that was answered for was sent, or dropped for a reason that is known',
  ({ entries, log, queues, messages, addresses, kills }) => {
    const over = new Set(
      log.filter(({ event }) => event === 'delivery-ended').map(({ challenge }) => String(challenge)),
    );
    const dead = queues.filter(({ isDeadLetter }) => isDeadLetter).flatMap(({ bodies }) => bodies);
    const dropped = queues.flatMap((queue) => queue.dropped);
    const isOf = (challengeId: string) => (letter: string) => letter.includes(challengeId);
    return entries
      .filter(({ op, status }) => (op === 'start' && status === 201) || (op === 'resend' && status === 200))
      .flatMap(({ id, user, from, body: { challengeId, expiresAt } }) => {
        const until = Date.parse(expiresAt);
        const hasCome = messages.some((message) => {
          const at = Date.parse(message.at);
          return (
            at >= from &&
            at <= until &&
            codeIn(message) !== undefined &&
            addresses[user]?.includes(message.to)
          );
        });
        const known =
          hasCome || over.has(challengeId) || dead.some(isOf(challengeId)) || dropped.some(isOf(challengeId));
        // The instance that noted it ended before its line was read.
        return known || kills.some((at) => at >= from - 1_000 && at <= until)
          ? []
          : [{ ids: [id, challengeId], text: 'its message was lost' }];
      });
  },
);

export const sentOnce = rule(
  'sent-once',
  'a code leaves once, but where a reply was lost, an instance ended or the clock moved',
  ({ messages, disturbances }) => {
    const doubled = [
      ...groupedBy(messages, (message) => codeIn(message) && `${message.to} ${codeIn(message)}`).values(),
    ]
      .filter((same) => same.length > 1)
      .reduce((sum, same) => sum + same.length - 1, 0);
    return doubled > disturbances ? [{ ids: [], text: `${doubled} messages left twice` }] : [];
  },
);

export const toThePerson = rule(
  'to-the-person',
  'codes go to addresses that an administrator enrolled',
  ({ messages, addresses }) => {
    const known = new Set(Object.values(addresses).flat());
    return messages
      .filter((message) => codeIn(message) !== undefined && !known.has(message.to))
      .map(({ id }) => ({ ids: [id], text: 'went to an address that nobody enrolled' }));
  },
);

/** Outcomes are counted two minutes later; a notice that a ceiling stopped waits for room, for days where it must. */
const waits = /"kind":"outcome"|"held":true/;

export const nothingLeft = rule(
  'nothing-left',
  'in the end no queue holds a message, but what is for later',
  ({ queues }) =>
    queues
      .filter(({ isDeadLetter, bodies }) => !isDeadLetter && bodies.some((body) => !waits.test(body)))
      .map(({ name, bodies }) => ({ ids: [name], text: `holds ${bodies.length} messages` })),
);

export const deadLetters = rule(
  'dead-letters',
  'a message is a dead letter only where workers failed or were ended',
  ({ queues, log, disturbances }) => {
    const letters = queues.filter(({ isDeadLetter }) => isDeadLetter).flatMap(({ bodies }) => bodies);
    const failures = log.filter(({ event }) => event === 'delivery-failed').length;
    return letters.length > failures + disturbances
      ? [{ ids: [letters.length], text: 'dead letters unexplained' }]
      : [];
  },
);

export const sendRules = [
  destinationCounters,
  destinationMessages,
  userSends,
  recoveryStarts,
  ended,
  sentOnce,
  toThePerson,
  nothingLeft,
  deadLetters,
];
