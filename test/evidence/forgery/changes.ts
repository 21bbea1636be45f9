/** What a writer of the table makes of an item: one attribute changed, or two, by values that stood somewhere once. */
import type { Written } from '../../support/table-writer.ts';

/** Names of attributes from the item down. */
export type Path = readonly string[];

export interface Change {
  /** Which of the story's items. */
  readonly item: number;
  readonly path: Path;
  /** `undefined` takes the attribute away. */
  readonly value: unknown;
}

/** Values by where they stood; what is an id is as good as any other. */
export type Donors = ReadonlyMap<string, readonly unknown[]>;

const isBag = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);

/** All places of an item, those inside lists and maps too; its key stays, since that would be another item. */
export function placesOf(item: Written, from: Path = []): Path[] {
  return Object.entries(item as object).flatMap(([name, value]) => {
    const path = [...from, name];
    if (path[0] === 'pk' || path[0] === 'sk' || path[0] === 'padding' || path[0] === 'ttl') return [];
    return isBag(value) ? [path, ...placesOf(value, path)] : [path];
  });
}

/** Slots, selectors, numbers of places and ids stand for each other. */
const generalOf = (path: Path): string =>
  path
    .map((name) =>
      /^\d+$|^[\w-]{5,6}$|^[\w-]{16,}$/.test(name) && !/^[a-z]+[A-Z]?[a-zA-Z]*$/.test(name) ? '*' : name,
    )
    .join('.');

export function at(item: Written, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (isBag(value) ? value[name] : undefined), item);
}

export function donorsOf(items: readonly Written[]): Donors {
  const donors = new Map<string, unknown[]>();
  for (const item of items) {
    for (const path of placesOf(item)) {
      const known = donors.get(generalOf(path)) ?? [];
      const value = at(item, path);
      const text = JSON.stringify(value);
      if (!known.some((other) => JSON.stringify(other) === text)) known.push(value);
      donors.set(generalOf(path), known);
    }
  }
  return donors;
}

/** Attributes that an item of the kind can have and this one has not, by where others have them. */
export function absentPlaces(item: Written, donors: Donors): Path[] {
  const parents: Path[] = [[], ...placesOf(item).filter((path) => isBag(at(item, path)))];
  return parents.flatMap((parent) => {
    const own = at(item, parent) as object;
    if (Array.isArray(own)) return [];
    const prefix = parent.length === 0 ? '' : `${generalOf(parent)}.`;
    return [...donors.keys()]
      .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'))
      .map((name) => name.slice(prefix.length))
      .filter((name) => name !== '*' && !Object.hasOwn(own, name))
      .map((name) => [...parent, name]);
  });
}

/** Everything that one place is changed to. */
export function valuesFor(item: Written, path: Path, donors: Donors, words: readonly string[]): unknown[] {
  const value = at(item, path);
  const lent = donors.get(generalOf(path)) ?? [];
  const text = JSON.stringify(value);
  return [undefined, ...lent, ...twistsOf(value, words)].filter((other) => JSON.stringify(other) !== text);
}

function twistsOf(value: unknown, words: readonly string[]): unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number')
    return [0, 1, value + 1, value - 1, value + 60_000, value - 60_000, Number.MAX_SAFE_INTEGER];
  if (typeof value === 'string') return ['', `${value}x`, ...words];
  if (value instanceof Uint8Array) {
    const changed = Uint8Array.from(value);
    changed[20] = (changed[20] ?? 0) ^ 1;
    return [changed];
  }
  if (Array.isArray(value)) {
    const [first, ...others] = value;
    return [[], others, value.slice(0, 1), value.toReversed(), value.map(() => first), [...value, first]];
  }
  return isBag(value) ? [{}] : [];
}

export function changed(items: readonly Written[], changes: readonly Change[]): Written[] {
  const copies = structuredClone(items) as Written[];
  for (const { item, path, value } of changes) {
    const parent = at(copies[item], path.slice(0, -1));
    const name = path.at(-1) as string;
    if (!isBag(parent)) continue;
    if (Array.isArray(parent) && value === undefined) parent.splice(Number(name), 1);
    else if (value === undefined) delete parent[name];
    else parent[name] = structuredClone(value);
  }
  return copies;
}
