/** A resource with the attributes that were asked for (RFC 7644 §3.9). */
import type { Resource } from './resource.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** These come back whatever is asked for. */
const always = ['schemas', 'id', 'meta'];

export function projected(resource: Resource, { attributes, excludedAttributes }: Query = {}): object {
  const asked = namesOf(attributes);
  const excluded = namesOf(excludedAttributes);
  if (asked.length === 0 && excluded.length === 0) return resource;
  const entries = Object.entries(resource).filter(([name]) => {
    if (always.includes(name)) return true;
    const word = name.toLowerCase();
    return asked.length > 0 ? asked.includes(word) : !excluded.includes(word);
  });
  return Object.fromEntries(entries);
}

/** The attribute as a whole where a part of it is named. */
function namesOf(list = ''): string[] {
  const core = /^urn:ietf:params:scim:schemas:core:2\.0:user:/;
  return list
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(core, '').replace(/\..*$/, ''))
    .filter((name) => name !== '');
}
