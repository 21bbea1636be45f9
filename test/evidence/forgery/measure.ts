/** Forgery: any attribute of any item is changed, or two of them, and no request that follows is signed. */
import { idempotencyOf } from '../../../shared/domain/identifiers/request-id.ts';
import { type Written, writeItem } from '../../support/table-writer.ts';
import {
  type Figure,
  grouped,
  type Measurement,
  noneOf,
  type Progress,
  type Settings,
} from '../measurement.ts';
import { seededRandom } from '../statistics.ts';
import { absentPlaces, type Change, changed, type Donors, donorsOf, placesOf, valuesFor } from './changes.ts';
import { client, other, type Story, tell } from './stories.ts';
import { startWorld, type World } from './world.ts';

/** How many values each place is changed to, and how many pairs are tried, of each story. */
const sizes = {
  quick: { places: 3, values: 1, pairs: 2 },
  full: { places: Number.POSITIVE_INFINITY, values: 1, pairs: 20 },
} as const;

const kindOf = ({ pk }: Written): string => String(pk).split('#')[0] as string;

/** What is signed after the items were written; `undefined` where the table does not take them. */
async function signedAfter(
  world: World,
  items: readonly Written[],
  asked: Story['asked'],
): Promise<string[] | undefined> {
  try {
    for (const item of items) await writeItem(world.table, item);
  } catch {
    return undefined;
  }
  const signed: string[] = [];
  for (const each of asked) signed.push(...(await world.signedFor(each)));
  return signed;
}

/** What the requests are signed for with whole items put back to what they were, together and each by itself. */
async function signedByRollback(world: World, { past, asked }: Story): Promise<ReadonlySet<string>> {
  const allowed = new Set<string>();
  const last = past.at(-1) ?? [];
  const before = (place: number) => [
    ...new Map(
      past.flatMap((items) => (items[place] ? [[JSON.stringify(items[place]), items[place]]] : [])),
    ).values(),
  ];
  const [records, recoveries] = [before(0), before(1)];
  for (const record of records) {
    for (const recovery of last.length > 1 ? recoveries : [undefined]) {
      const items = [record, ...(recovery === undefined ? [] : [recovery])];
      for (const each of [asked, ...asked.map((one) => [one])])
        for (const payload of (await signedAfter(world, items, each)) ?? []) allowed.add(payload);
    }
  }
  return allowed;
}

interface Tried {
  readonly changes: number;
  readonly requests: number;
  /** Changes that were no more than putting back what was. */
  readonly rolledBack: number;
  readonly forged: readonly string[];
}

async function tryStory(
  world: World,
  story: Story,
  donors: ReadonlyMap<string, Donors>,
  words: readonly string[],
  { places: mostPlaces, values, pairs }: (typeof sizes)[keyof typeof sizes],
  random: () => number,
): Promise<Tried> {
  const items = story.past.at(-1) ?? [];
  const asItIs = new Set(await signedAfter(world, items, story.asked));
  let rollback: ReadonlySet<string> | undefined; // seldom asked for
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const places = items.flatMap((item, at) => {
    const lent = donors.get(kindOf(item)) ?? new Map();
    return [...placesOf(item), ...absentPlaces(item, lent)].map((path) => ({ item: at, path, lent }));
  });
  const changeOf = ({ item, path, lent }: (typeof places)[number]): Change => ({
    item,
    path,
    value: pick(valuesFor(items[item], path, lent, words)),
  });
  const chosen =
    places.length <= mostPlaces
      ? places
      : Array.from({ length: mostPlaces }, () => pick(places) ?? places[0]);
  const singles = chosen.flatMap((place) =>
    Array.from({ length: values }, () => (place === undefined ? [] : [changeOf(place)])),
  );
  const doubles = Array.from({ length: pairs }, () => {
    const one = pick(places);
    // Beside each other as often as anywhere in the story's items.
    const parent = one?.path.slice(0, -1).join('.');
    const beside = places.filter(
      ({ item, path }) => item === one?.item && path.slice(0, -1).join('.') === parent,
    );
    const two = pick(random() < 0.5 ? beside : places);
    return one === undefined || two === undefined ? [] : [changeOf(one), changeOf(two)];
  });
  const forged: string[] = [];
  let requests = 0;
  let rolledBack = 0;
  for (const changes of [...singles, ...doubles]) {
    const signed = await signedAfter(world, changed(items, changes), story.asked);
    if (signed === undefined) continue;
    requests += story.asked.length;
    const more = signed.filter((payload) => !asItIs.has(payload));
    if (more.length > 0) rollback ??= await signedByRollback(world, story);
    const made = more.filter((payload) => !rollback?.has(payload));
    rolledBack += more.length > made.length ? 1 : 0;
    if (made.length > 0) forged.push(`${story.name}: ${JSON.stringify(changes)} signed ${made.join(' ')}`);
  }
  return { changes: singles.length + doubles.length, requests, rolledBack, forged };
}

async function measure({ quick, seed }: Settings, progress: Progress): Promise<Record<string, Figure>> {
  const world = await startWorld(!quick);
  try {
    const stories = await tell(world);
    const everything = stories.flatMap(({ past }) => past.flat());
    const kinds = [...new Set(everything.map(kindOf))];
    const donors = new Map(
      kinds.map((kind) => [kind, donorsOf(everything.filter((item) => kindOf(item) === kind))]),
    );
    const requests = stories.flatMap(({ asked }) =>
      asked.flatMap(({ route, client: by, id = '', key, body }) =>
        key === undefined ? [] : [idempotencyOf(by, `/${route}/${id}`, key, body).key],
      ),
    );
    const words = [
      'succeeded',
      'sent',
      'SMS',
      'Call',
      'kba',
      'backup-code',
      client,
      other,
      'code-done',
      ...requests,
    ];
    const random = seededRandom(seed);
    const tried: Tried[] = [];
    for (const story of stories) {
      tried.push(await tryStory(world, story, donors, words, quick ? sizes.quick : sizes.full, random));
      for (const line of tried.at(-1)?.forged ?? []) progress(line);
      progress(`${story.name}: ${tried.at(-1)?.changes} changes`);
    }
    const sum = (of: (one: Tried) => number) => tried.reduce((total, one) => total + of(one), 0);
    const forged = sum((one) => one.forged.length);
    const [changes, sent] = [sum((one) => one.changes), sum((one) => one.requests)];
    const put = `${grouped(sum((one) => one.rolledBack))} changes put back what was once true`;
    const what = `${grouped(changes)} changes in ${stories.length} stories, ${grouped(sent)} requests after them`;
    return { 'forgery.table': noneOf(forged, `${what}, ${forged} signed; ${put}`) };
  } finally {
    await world.close();
  }
}

export const forgery: Measurement = {
  name: 'forgery',
  rows: [
    {
      id: 'forgery.table',
      promise: 'Who writes into the table, and has no key, makes nothing signed that was never true',
      how: 'finished and unfinished stories by code, answers, backup code and recovery of each path; each attribute by itself, and pairs of them, taken away, twisted, or given what stood in another item; then the requests of somebody who lacks a proof. Apart are assertions that putting whole items back to what they were gives too. The routes run in one process, on a real table',
    },
  ],
  measure,
};
