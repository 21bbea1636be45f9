/** Finding people for a connection: by id, by a filter, or all of them. */
import SCIMMY from 'scimmy';
import { isUserId } from '../../shared/domain/identifiers/user-id.ts';
import { nameForm } from '../../shared/domain/names/name-form.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { type Connection, namesOfExternalId, sees } from './connection.ts';
import type { Ports } from './ports.ts';
import { type Found, foundOf } from './resource.ts';
import { scimError } from './scim-error.ts';

/** More than this are not listed in one answer's count. */
const mostPeople = 10_000;
const pageSize = 500;

/** @throws a 404 for somebody whom this connection does not see */
export async function byId(id: string, connection: Connection, ports: Ports): Promise<Found> {
  const record = /^[\w-]{22}$/.test(id) ? await ports.users.read(id) : undefined;
  const found = record?.enrolment && foundOf(id, record.enrolment, ports);
  if (found === undefined || !sees(connection, found.contact))
    throw scimError(404, undefined, `There is no User ${id.slice(0, 64)}.`);
  return found;
}

/** @param filter as it was sent */
export async function byFilter(
  filter: string | undefined,
  connection: Connection,
  ports: Ports,
): Promise<Found[]> {
  if (filter === undefined || filter.trim() === '') return all(() => true, connection, ports);
  const wanted = termsOf(filter);
  const fitsAll = (found: Found) =>
    wanted.every(({ attribute, value }) => fits(found, attribute, value, ports));
  const name = nameIn(wanted, connection, ports);
  if (name === undefined) return all(fitsAll, connection, ports);
  return (await byName(name, connection, ports)).filter(fitsAll);
}

interface Term {
  readonly attribute: string;
  readonly value: unknown;
}

const attributes = ['username', 'externalid', 'emails.value', 'emails.type', 'active', 'id'];

/** `eq` and `and` alone, which is what directories send. */
function termsOf(filter: string): Term[] {
  const alternatives = [...new SCIMMY.Types.Filter(filter)] as Record<string, unknown>[];
  const [only, ...others] = alternatives;
  if (only === undefined || others.length > 0) throw invalidFilter('use eq and and');
  const terms = flattened('', only);
  const unknown = terms.find(({ attribute }) => !attributes.includes(attribute));
  if (unknown !== undefined) throw invalidFilter(`${unknown.attribute} cannot be searched for`);
  if (terms.every(({ attribute }) => attribute === 'active' || attribute === 'emails.type'))
    throw invalidFilter('search for userName, externalId or emails.value');
  return terms;
}

function flattened(path: string, terms: object): Term[] {
  return Object.entries(terms).flatMap(([name, inner]) => {
    const attribute = `${path}${name.toLowerCase()}`;
    if (!Array.isArray(inner)) return flattened(`${attribute}.`, inner as object);
    const [comparison, value, ...more] = inner as unknown[];
    if (String(comparison).toLowerCase() !== 'eq' || more.length > 0) throw invalidFilter('use eq and and');
    return [{ attribute, value }];
  });
}

/** A name by which one read finds the person. */
function nameIn(terms: readonly Term[], connection: Connection, ports: Ports): string | undefined {
  const of = (attribute: string) => terms.find((term) => term.attribute === attribute)?.value;
  const [userName, externalId] = [of('username'), of('externalid')];
  if (typeof userName === 'string') return userName;
  if (typeof externalId !== 'string') return undefined;
  return namesOfExternalId(externalId, connection, ports.connections.length === 1)[0];
}

async function byName(name: string, connection: Connection, ports: Ports): Promise<Found[]> {
  if (!isUserId(name)) return [];
  const { key, record } = await findPerson(name, ports);
  const found = record.enrolment && foundOf(key, record.enrolment, ports);
  return found !== undefined && sees(connection, found.contact) ? [found] : [];
}

function fits(
  { key, contact, enabled }: Found,
  attribute: string,
  value: unknown,
  { sameNames }: Ports,
): boolean {
  const text = String(value);
  switch (attribute) {
    case 'id':
      return key === value;
    case 'username':
      return nameForm(contact.userId, sameNames) === nameForm(text, sameNames);
    case 'externalid':
      return contact.directory?.externalId === value;
    case 'active':
      return enabled === (text.toLowerCase() === 'true');
    case 'emails.value':
      return [contact.email, contact.alternateEmail].some(
        (each) => each?.toLowerCase() === text.toLowerCase(),
      );
    case 'emails.type':
      return (text === 'work' ? contact.email : contact.alternateEmail) !== undefined;
    default:
      return false;
  }
}

/** @throws `tooMany` where more than ten thousand fit */
async function all(
  fitsAll: (found: Found) => boolean,
  connection: Connection,
  ports: Ports,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await ports.users.list(pageSize, cursor);
    for (const { locator, enrolment } of page?.users ?? []) {
      const one = foundOf(locator, enrolment, ports);
      if (sees(connection, one.contact) && fitsAll(one)) found.push(one);
    }
    if (found.length > mostPeople)
      throw scimError(
        400,
        'tooMany',
        `There are more than ${mostPeople} people: page by cursor, or search by userName or externalId.`,
      );
    if (page?.cursor === undefined) return found;
    ({ cursor } = page);
  }
}

const invalidFilter = (detail: string) => scimError(400, 'invalidFilter', `filter: ${detail}`);
