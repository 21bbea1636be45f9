/** The soak: people, strangers and attackers at once, with faults; then calm, and everybody signs in once more. */
import { recoverer } from '../../e2e/recovering.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Settings } from '../measurement.ts';
import { seededRandom } from '../statistics.ts';
import { type Journal, journalOf } from './client.ts';
import { disturb } from './disturb.ts';
import type { Entry } from './observed.ts';
import { type Contact, type Person, personOf } from './person.ts';
import { nextScene, scenes, strangerScenes } from './scenes.ts';

export interface Soaked {
  readonly entries: readonly Entry[];
  readonly people: readonly Person[];
  readonly finals: { readonly user: string; readonly entry: Entry | undefined }[];
  readonly kills: readonly number[];
  readonly disturbances: number;
}

interface Crowd {
  readonly actors: number;
  readonly peoplePerActor: number;
  readonly strangers: number;
}

const whole: Crowd = { actors: 6, peoplePerActor: 5, strangers: 4 };
const small: Crowd = { actors: 3, peoplePerActor: 2, strangers: 1 };
/** After the last move of the clock every challenge, wait and window is over. */
const calmSeconds = 25 * 3_600;

/** Fictitious. The last person of each actor shares the number of the first. */
function contactOf(userId: string, actor: number, place: number, { peoplePerActor }: Crowd): Contact {
  const number = actor * 10 + (place === peoplePerActor - 1 ? 0 : place);
  return {
    phone: `+1202555${String(1_000 + number).padStart(4, '0')}`,
    email: `${userId}@example.com`,
    alternateEmail: `${userId}@alternate.example`,
  };
}

export async function soak(
  stack: MeasuredStack,
  { quick, soakSeconds: seconds, seed }: Pick<Settings, 'quick' | 'soakSeconds' | 'seed'>,
): Promise<Soaked> {
  const crowd = quick ? small : whole;
  const journal = await journalOf(stack);
  const casts = Array.from({ length: crowd.actors }, (_, actor) =>
    Array.from({ length: crowd.peoplePerActor }, (_, place) => {
      const userId = `soak-${actor}-${place}`;
      return personOf(userId, contactOf(userId, actor, place, crowd), stack, journal);
    }),
  );
  const people = casts.flat();
  for (const person of people) await person.enrol();
  const nobody = {
    phone: '+12025559999',
    email: 'nobody@example.com',
    alternateEmail: 'nobody@alternate.example',
  };
  const names = Array.from({ length: crowd.strangers }, (_, place) =>
    personOf(`stranger-${place}`, nobody, stack, journal),
  );

  const until = Date.now() + seconds * 1000;
  const play = async (cast: readonly Person[], list: typeof scenes, random: () => number) => {
    while (Date.now() < until) {
      const person = cast[Math.floor(random() * cast.length)] as Person;
      await nextScene(list, random)(person, { random, journal });
    }
  };
  const [disturbances] = await Promise.all([
    disturb(stack, journal, seededRandom(seed), until),
    ...casts.map((cast, actor) => play(cast, scenes, seededRandom(seed + 1 + actor))),
    play(names, strangerScenes, seededRandom(seed + 100)),
  ]);
  const finals = await calm(stack, journal, people);
  const { entries, kills } = journal;
  return { entries, people, finals, kills, disturbances };
}

/** Nothing fails any more: messages that wait come, recoveries end, and everybody signs in. */
async function calm(
  stack: MeasuredStack,
  journal: Journal,
  people: readonly Person[],
): Promise<Soaked['finals']> {
  const pending = new Map(
    journal.entries
      .filter(({ op, status }) => op === 'recover' && status === 201)
      .map(({ subject, user }) => [subject ?? '', user]),
  );
  await journal.calm();
  await journal.advance(calmSeconds);
  await journal.calm();
  const byName = new Map(people.map((person) => [person.userId, person]));
  for (const [recovery, user] of pending) await byName.get(user)?.recovery(recovery);
  const finals: Soaked['finals'] = [];
  const api = recoverer(stack);
  for (const person of people) {
    await person.enrol();
    await person.unlock();
    await api.revokeCodes(person.userId);
    const known = (await person.codes()).length;
    const { body } = await person.start('Email');
    await stack.settled();
    const code = (await person.codes()).slice(known).at(-1);
    const entry = code && body?.challengeId ? await person.verify(body.challengeId, code) : undefined;
    finals.push({ user: person.userId, entry });
  }
  await stack.settled();
  return finals;
}
