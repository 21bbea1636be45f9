/** Leaks: everything that went in as a secret or an address is searched for in everything that was kept or written. */
import { rightAnswers, securityQuestions } from '../e2e/recovering.ts';
import { holds, plantedHere, plantMessages } from '../support/planted.ts';
import type { RawItem } from './inside/routes.ts';
import { type MeasuredStack, stackOf } from './inside/stack.ts';
import { type Figure, grouped, type Measurement } from './measurement.ts';
import { ownLimitsOnly } from './policies.ts';
import { journalOf } from './soak/client.ts';
import { type Person, personOf } from './soak/person.ts';
import { scenes } from './soak/scenes.ts';
import { seededRandom } from './statistics.ts';

const places = {
  logs: 'what the functions and the gateway printed',
  errors: 'bodies of answers that refuse',
  queues: 'bodies of all messages that were queued',
  'dead-letters': 'bodies of dead letters',
  workflow: 'histories, inputs and outputs of the recovery workflow',
  carriers: 'what SNS, SES and Connect were told beside the message: contact and message attributes',
  table: 'every item of the table, binary attributes decoded',
} as const;
type Place = keyof typeof places;

/** Names are kept in the table, under which people are listed; everywhere else they are secret too. */
const nameOf = (place: number): string => `canary-name-${place}`;

/** The forms in which a value may have been written. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded =
    secret.length < 8 ? [] : [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  return [...new Set([secret, encodeURIComponent(secret), ...encoded])];
}

/** Texts of an item: as the wire has it, and its binary attributes as they are. */
function textsOf(item: RawItem): string {
  const binary: string[] = [];
  const text = JSON.stringify(item, (name, value) => {
    if (name === 'B' && typeof value === 'string')
      binary.push(Buffer.from(value, 'base64').toString('latin1'));
    return value;
  });
  return [text, ...binary].join('\n');
}

/** A code whose worker fails and ends until its message is a dead letter. @throws when it does not become one */
async function makeDeadLetter(stack: MeasuredStack, person: Person): Promise<void> {
  await stack.fault('sns', 'timeout', 100);
  await stack.forgetRequests();
  await person.start('SMS');
  const isSending = async () => (await stack.requests())['sns'] !== undefined;
  for (let turn = 0; turn < 100 && !(await isSending()); turn += 1) await pause(20);
  await stack.look('/kill'); // the message is in flight: it comes back when it is no longer hidden
  await stack.clearFaults();
  await stack.fault('dynamodb', 'error', 10_000);
  const isDead = async () =>
    (await stack.look('/queues')).some(({ isDeadLetter, bodies }) => isDeadLetter && bodies.length > 0);
  for (let turn = 0; !(await isDead()); turn += 1) {
    if (turn > 10) throw new Error('no message became a dead letter');
    await stack.advance(151);
    await stack.quiet();
  }
  await stack.clearFaults();
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function written(
  stack: MeasuredStack,
  errors: readonly string[],
  recoveries: readonly string[],
): Promise<Record<Place, string>> {
  const [queued, queues, sent, table] = await Promise.all([
    stack.look('/queued'),
    stack.look('/queues'),
    stack.look('/sent'),
    stack.look('/table'),
  ]);
  const histories: string[] = [];
  for (const id of recoveries) histories.push((await stack.request('GET', `/local/executions/${id}`)).text);
  return {
    logs: stack.printed(),
    errors: errors.join('\n'),
    queues: queued.join('\n'),
    'dead-letters': queues
      .filter(({ isDeadLetter }) => isDeadLetter)
      .flatMap(({ bodies }) => bodies)
      .join('\n'),
    workflow: histories.join('\n'),
    carriers: sent.map(({ attributes }) => JSON.stringify(attributes)).join('\n'),
    table: table.map(textsOf).join('\n'),
  };
}

export const leaks: Measurement = {
  name: 'leaks',
  rows: [
    ...Object.entries(places).map(([place, what]) => ({
      id: `leaks.${place}`,
      promise: `No code, answer, number or address is in ${what}`,
      how: 'codes, backup codes, answers, numbers, addresses, names, reasons and tickets of people who did everything that can be done, searched for as they are, percent-encoded, in base64 and in hex; user ids are in the table by design',
    })),
    {
      id: 'leaks.control',
      promise: 'The search finds what is there',
      how: 'the same search in the messages themselves',
    },
  ],

  async measure({ quick, seed }, progress) {
    // Others' values are none of this stack's, and a parser's test plants such as stand in any table.
    const earlier = plantedHere().length;
    const stack = await stackOf(ownLimitsOnly, quick);
    try {
      const journal = await journalOf(stack);
      const random = seededRandom(seed);
      const count = quick ? 1 : 12;
      const people = Array.from({ length: count }, (_, place) => {
        const userId = nameOf(place);
        const contact = {
          phone: `+1202555${String(3_000 + place).padStart(4, '0')}`,
          email: `canary-mail-${place}@example.com`,
          alternateEmail: `canary-spare-${place}@alternate.example`,
        };
        return personOf(userId, contact, stack, journal);
      });
      for (const person of people) {
        await person.enrol({ displayName: `Canary Display ${person.userId}`, securityQuestions });
        for (const [, scene] of scenes) {
          await scene(person, { random, journal });
          await stack.settled();
          await stack.advance(3_700); // limits of the hour are open again
        }
        const token = await stack.token('helpdesk');
        const body = {
          kind: 'one-time',
          operator: 'canary-operator',
          reason: 'canary reason given',
          ticket: 'CANARY-TICKET-1',
        };
        await stack.request('POST', `/v1/users/${person.userId}/backup-codes`, { token, body });
      }
      progress('the stories are told');
      await makeDeadLetter(stack, people[0] as Person);
      plantMessages(await stack.outbox());

      const errors = journal.entries.filter(({ status }) => status >= 400).map(({ text }) => text);
      const recoveries = journal.entries.filter(({ op, status }) => op === 'recover' && status === 201);
      const texts = await written(
        stack,
        errors,
        recoveries.map(({ subject = '' }) => subject),
      );
      const secrets = new Set([
        ...plantedHere().slice(earlier),
        ...Object.values(rightAnswers),
        'canary-operator',
      ]);
      secrets.delete('000000'); // guessed at, and nobody's
      const names = people.map(({ userId }) => userId);
      const hitsIn = (text: string, sought: readonly string[]) =>
        sought.filter((secret) => formsOf(secret).some((form) => holds(text, form))).length;

      const figures: Record<string, Figure> = {};
      for (const [place, text] of Object.entries(texts)) {
        const sought =
          place === 'table'
            ? [...secrets].filter((secret) => !names.includes(secret))
            : [...secrets, ...names];
        const hits = hitsIn(text, sought);
        figures[`leaks.${place}`] = {
          figure: `${hits} of ${grouped(sought.length)} values in ${grouped(Buffer.byteLength(text))} bytes`,
          holds: hits === 0 && text !== '',
        };
        progress(place);
      }
      const messages = (await stack.look('/sent')).map(
        ({ to, body }) => `${to} ${body.replaceAll(/(?<=\d) (?=\d)/g, '')}`,
      );
      const there = hitsIn(messages.join('\n'), [...secrets]);
      figures['leaks.control'] = {
        figure: `${there} values in ${grouped(messages.length)} messages`,
        holds: there > 0,
      };
      return figures;
    } finally {
      await stack.stop();
    }
  },
};
