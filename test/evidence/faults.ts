/** Faults: people sign in while one service after the other throttles, fails, hangs and loses replies. */
import type { FaultOrder } from '../../infra/local/console/local-input.ts';
import { stackOf } from './inside/stack.ts';
import { type Figure, grouped, type Measurement } from './measurement.ts';
import { ownLimitsOnly, wholePolicy } from './policies.ts';
import { audit } from './soak/audit.ts';
import { againOf, journalOf } from './soak/client.ts';
import { gather } from './soak/gather.ts';
import { explained } from './soak/measure.ts';
import { type Entry, groupedBy, isUncertain, requestOf, type Violation } from './soak/observed.ts';
import { type Person, personOf } from './soak/person.ts';
import { faultScenes, nextScene } from './soak/scenes.ts';
import { seededRandom } from './statistics.ts';

const services = {
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  kms: 'KMS',
  sns: 'SNS',
  ses: 'SES',
  connect: 'Connect',
  states: 'Step Functions',
} as const satisfies Partial<Record<FaultOrder['service'], string>>;
const kinds = ['throttle', 'error', 'timeout', 'lost-reply'] as const satisfies FaultOrder['fault'][];
type Service = keyof typeof services;
const names = Object.keys(services) as Service[];
/** Of small sizes: what decides, what signs, and one carrier. */
const few: readonly Service[] = ['dynamodb', 'kms', 'sns'];

const leftOut: Readonly<Record<string, Figure>> = Object.fromEntries(
  names.map((service) => [`faults.${service}`, { figure: 'left out of small sizes', holds: undefined }]),
);

/** Rules whose breach is an acceptance that should not have been. */
const acceptance = [
  'one-assertion',
  'one-source',
  'one-success',
  'sent-code',
  'expired',
  'claims',
  'nobody',
  'batches',
  'recovery-steps',
];
/** Rules whose breach is something that was counted twice or not at all. */
const counting = [
  'attempts-kept',
  'consumed',
  'challenge-attempts',
  'delivery-ended',
  'sent-once',
  'replays',
];

export const faults: Measurement = {
  name: 'faults',
  rows: names.map((service) => ({
    id: `faults.${service}`,
    promise: `While ${services[service]} fails nothing is wrongly accepted, nothing is lost or counted twice, and a fault is a 503`,
    how: 'sign-ins, questions, backup codes and recoveries while requests to that service are throttled, broken, left hanging or robbed of their reply, at random; clients repeat under their key, and once more when all works again; then the audit of the soak',
  })),

  async measure({ quick, seed }, progress) {
    const stack = await stackOf(ownLimitsOnly, quick);
    const journal = await journalOf(stack);
    const random = seededRandom(seed);
    const people: Person[] = [];
    const ranges: { service: Service; first: number; last: number; failed: number }[] = [];
    const seconds = quick ? 0.5 : 30;
    try {
      for (const [turn, service] of (quick ? few : names).entries()) {
        const cast = Array.from({ length: quick ? 2 : 4 }, (_, place) => {
          const userId = `faults-${service}-${place}`;
          const phone = `+1202555${String(2_000 + turn * 10 + place).padStart(4, '0')}`;
          const contact = {
            phone,
            email: `${userId}@example.com`,
            alternateEmail: `${userId}@alternate.example`,
          };
          return personOf(userId, contact, stack, journal);
        });
        people.push(...cast);
        for (const person of cast) await person.enrol();
        const first = journal.entries.length + 1;
        const until = Date.now() + seconds * 1000;
        let failed = 0;
        const order = async () => {
          while (Date.now() < until) {
            const fault = kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number];
            const count = fault === 'timeout' ? 1 : 1 + Math.floor(random() * 12); // more than the retries of one request bear
            failed += count;
            await stack.fault(service, fault, count);
            await new Promise((resolve) => setTimeout(resolve, 100 + random() * 400));
          }
        };
        const act = async (person: Person) => {
          while (Date.now() < until) await nextScene(faultScenes, random)(person, { random, journal });
        };
        await Promise.all([order(), ...cast.map(act)]);
        await stack.clearFaults();
        for (const entry of unanswered(journal.entries.slice(first - 1))) await journal.ask(againOf(entry));
        await journal.calm();
        ranges.push({ service, first, last: journal.entries.length, failed });
        progress(services[service]);
      }
      const { entries, kills } = journal;
      const disturbances = ranges.reduce((sum, { failed }) => sum + failed, 0);
      const observed = await gather(stack, wholePolicy(ownLimitsOnly), {
        entries,
        people,
        finals: [],
        kills,
        disturbances,
      });
      const violations = audit(observed);
      for (const violation of violations) progress(explained(violation, entries));
      const found = Object.fromEntries(
        ranges.map(({ service, first, last, failed }) => {
          const own = entries.filter(({ id }) => id >= first && id <= last);
          const isOwn = ({ ids }: Violation) =>
            ids.some((id) => typeof id === 'number' && id >= first && id <= last);
          // What no entry is part of concerns every service.
          const against = violations.filter(
            (each) => isOwn(each) || each.ids.every((id) => typeof id === 'string'),
          );
          return [`faults.${service}`, figureOf(own, failed, against)];
        }),
      );
      return { ...leftOut, ...found };
    } finally {
      await stack.stop();
    }
  },
};

/** The last of each request with a key that nobody told the client the end of. */
function unanswered(entries: readonly Entry[]): Entry[] {
  const keyed = entries.filter(({ key }) => key !== undefined);
  const lasts = [...groupedBy(keyed, requestOf).values()].map((same) => same.at(-1) as Entry);
  return lasts.filter(isUncertain);
}

function figureOf(entries: readonly Entry[], failed: number, violations: readonly Violation[]): Figure {
  const count = (rules: readonly string[]) => violations.filter(({ rule }) => rules.includes(rule)).length;
  const unavailable = entries.filter(({ status }) => status === 503).length;
  const requests = [...groupedBy(entries, requestOf).values()];
  const repeated = requests.filter((same) => same.length > 1 && same.some(isUncertain));
  const answered = repeated.filter((same) => !isUncertain(same.at(-1) as Entry)).length;
  const figure = [
    `${grouped(entries.length)} requests, up to ${grouped(failed)} failed at the wire`,
    `${count(acceptance)} wrongly accepted`,
    `${count(counting)} lost or counted twice`,
    `${unavailable} answers 503, ${count(['statuses'])} other faults`,
    `${answered} of ${repeated.length} repeated requests got their answer`,
  ].join('; ');
  return { figure, holds: violations.length === 0 && answered === repeated.length };
}
