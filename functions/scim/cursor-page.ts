/** Pages by a cursor (RFC 9865): everybody whom a connection sees, however many they are. */
import { decrypt, encrypt } from '../../shared/domain/crypto/encryption.ts';
import { type Connection, sees } from './connection.ts';
import type { Ports } from './ports.ts';
import { type Found, foundOf } from './resource.ts';
import { scimError } from './scim-error.ts';

/** A page that finds nobody for so long ends early, and says where to go on. */
const mostReads = 20;

export interface CursorPage {
  readonly found: readonly Found[];
  /** Of the page after this one; absent on the last. */
  readonly nextCursor?: string;
}

/**
 * @param cursor of the page before; empty for the first one
 * @throws `invalidCursor` for a text that is no cursor of this connection
 */
export async function pageAfter(
  cursor: string,
  count: number,
  connection: Connection,
  ports: Ports,
): Promise<CursorPage> {
  const found: Found[] = [];
  let place = cursor === '' ? undefined : opened(cursor, connection, ports);
  for (let reads = 0; found.length < count && reads < mostReads; reads += 1) {
    const page = await ports.users.list(count - found.length, place);
    if (page === undefined) throw invalidCursor();
    const people = page.users.map(({ locator, enrolment }) => foundOf(locator, enrolment, ports));
    found.push(...people.filter(({ contact }) => sees(connection, contact)));
    place = page.cursor;
    if (place === undefined) return { found };
  }
  return { found, ...(place === undefined ? {} : { nextCursor: sealed(place, connection, ports) }) };
}

/** The table's own cursor names a person, who may be of another connection: so it is encrypted, for one connection. */
function sealed(place: string, connection: Connection, { keyring }: Ports): string {
  return Buffer.from(encrypt(place, contextOf(connection), keyring)).toString('base64url');
}

function opened(cursor: string, connection: Connection, { keyring }: Ports): string {
  try {
    return String(decrypt(Buffer.from(cursor, 'base64url'), contextOf(connection), keyring));
  } catch {
    throw invalidCursor();
  }
}

const contextOf = ({ name }: Connection): string => `cursor of ${name}`;
const invalidCursor = () =>
  scimError(400, 'invalidCursor', 'cursor: use nextCursor of the page before, or an empty one.');
