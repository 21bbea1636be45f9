/** Finding people for a connection: by id, by a filter, or all of them. */
import SCIMMY from 'scimmy';
import { emailSearch, foldEmail } from '../../shared/domain/contact/email-digests.ts';
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

/** @throws a 404 for a person that this connection does not see */
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
  const kinds = emailKinds(wanted);
  const fitsAll = (found: Found) => wanted.every((term) => fits(found, term, kinds, ports));
  const name = nameIn(wanted, connection, ports);
  if (name !== undefined) return (await byName(name, connection, ports)).filter(fitsAll);
  const email = wanted.find(({ attribute }) => attribute === 'emails.value');
  if (email === undefined) return all(fitsAll, connection, ports);
  const folded = foldEmail(String(email.value));
  return folded === undefined ? [] : all(fitsAll, connection, ports, emailSearch(folded, ports.keyring));
}

interface Term {
  readonly attribute: string;
  readonly value: unknown;
}

const attributes = ['username', 'externalid', 'emails.value', 'emails.type', 'active', 'id'];
const core = /^urn:ietf:params:scim:schemas:core:2\.0:user:/;

/** `eq` and `and` alone, which is what directories send. */
function termsOf(filter: string): Term[] {
  const [only, ...others] = alternativesOf(filter);
  if (only === undefined || others.length > 0) throw invalidFilter('use eq and and');
  const terms = flattened('', only);
  const unknown = terms.find(({ attribute }) => !attributes.includes(attribute));
  if (unknown !== undefined) throw invalidFilter(`${unknown.attribute} cannot be searched for`);
  if (terms.every(({ attribute }) => attribute === 'active' || attribute === 'emails.type'))
    throw invalidFilter('search for userName, externalId or emails.value');
  return terms;
}

/** SCIMMY takes a filter that ends in the middle of a term for one that ends before it, or fails in its own code. */
function alternativesOf(filter: string): readonly Record<string, unknown>[] {
  if (/(?:^|\s)(?:and|or|not)\s*$/i.test(filter)) throw invalidFilter('it ends before its last term');
  try {
    return [...new SCIMMY.Types.Filter(filter)] as Record<string, unknown>[];
  } catch (error) {
    throw error instanceof TypeError ? invalidFilter('it cannot be read') : error;
  }
}

function flattened(path: string, terms: object): Term[] {
  return Object.entries(terms).flatMap(([name, inner]) => {
    const attribute = `${path}${name.toLowerCase()}`.replace(core, '');
    if (!Array.isArray(inner)) return flattened(`${attribute}.`, inner as object);
    const [comparison, value, ...more] = inner as unknown[];
    if (String(comparison).toLowerCase() !== 'eq' || more.length > 0) throw invalidFilter('use eq and and');
    if (value === undefined) throw invalidFilter(`${attribute} is compared with nothing`);
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

/** Of both types unless one is named: then the address has to be the one of this type. */
function emailKinds(terms: readonly Term[]): readonly ('email' | 'alternateEmail')[] {
  const type = terms.find(({ attribute }) => attribute === 'emails.type');
  switch (type && String(type.value).toLowerCase()) {
    case undefined:
      return ['email', 'alternateEmail'];
    case 'work':
      return ['email'];
    case 'other':
      return ['alternateEmail'];
    default:
      return [];
  }
}

function fits(
  { key, contact, enabled }: Found,
  { attribute, value }: Term,
  kinds: ReturnType<typeof emailKinds>,
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
      return kinds.some((kind) => isAddress(contact[kind], foldEmail(text)));
    case 'emails.type':
      return kinds.some((kind) => contact[kind] !== undefined);
    default:
      return false;
  }
}

function isAddress(enrolled: string | undefined, folded: string | undefined): boolean {
  return enrolled !== undefined && folded !== undefined && foldEmail(enrolled) === folded;
}

/**
 * Pages of the index: one DynamoDB query for 500 people.
 *
 * @param mayFit looks at a contact that is still encrypted; those it refuses are not decrypted
 * @throws `tooMany` where more than ten thousand fit
 */
async function all(
  fitsAll: (found: Found) => boolean,
  connection: Connection,
  ports: Ports,
  mayFit: (contact: Uint8Array) => boolean = () => true,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await ports.users.list(pageSize, cursor);
    const candidates = (page?.users ?? []).filter(({ enrolment }) => mayFit(enrolment.contact));
    for (const { locator, enrolment } of candidates) {
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
