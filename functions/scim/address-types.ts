/** Lists of addresses as directories send them: types in any case, types that mean nothing here, and empty places. */

/** Types of addresses that mean something here; others are taken and dropped. */
export const addressTypes: Readonly<Record<string, readonly string[]>> = {
  emails: ['work', 'other'],
  phoneNumbers: ['mobile'],
};

/** `undefined` for an attribute that is no list of addresses. @param name in any case */
export function typesOf(name: string): readonly string[] | undefined {
  const word = name.toLowerCase();
  return Object.entries(addressTypes).find(([list]) => list.toLowerCase() === word)?.[1];
}

/** The value of an attribute; of a list of addresses those that mean something here. Whatever else it is, is for who checks it. */
export function withKnownTypes(name: string, value: unknown): unknown {
  const types = typesOf(name);
  if (types === undefined || typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.flatMap((each) => known(each, types)) : known(value, types);
}

/** None where it is dropped. */
function known(address: unknown, types: readonly string[]): readonly unknown[] {
  if (address === null) return [];
  if (typeof address !== 'object') return [address];
  const [key = 'type', type] = Object.entries(address).find(([name]) => name.toLowerCase() === 'type') ?? [];
  const { [key]: _, ...rest } = address as Readonly<Record<string, unknown>>;
  if (type === undefined || type === null) return [rest];
  if (typeof type !== 'string') return [address];
  const word = type.trim().toLowerCase();
  return types.includes(word) ? [{ ...rest, type: word }] : [];
}
