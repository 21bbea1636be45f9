/** Connections of directories: whose token a request has, and which people and names are a connection's. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Contact } from '../../shared/domain/contact/contact.ts';
import { foldUserId } from '../../shared/domain/identifiers/user-id.ts';
import { nameForm } from '../../shared/domain/names/name-form.ts';

export interface Connection {
  readonly name: string;
  /** Of the static bearer token, in hexadecimal digits. */
  readonly tokenSha256: string;
  /** Of Entra ID: its object ids become names of people. */
  readonly tenantId?: string | undefined;
  /** The client whose access tokens act for it. Of an only connection that names none, every administrator's do. */
  readonly clientId?: string | undefined;
  /** What the user names end in that it may give; anything where it is absent. */
  readonly userNameEndings?: readonly string[] | undefined;
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}

/** Compares digests of equal length, with every connection, so that no time tells how near a guess is. */
export function connectionOf(token: string, connections: readonly Connection[]): Connection | undefined {
  const digest = createHash('sha256').update(token).digest();
  return connections.filter(({ tokenSha256 }) => timingSafeEqual(Buffer.from(tokenSha256, 'hex'), digest))[0];
}

/** Of an administrator's access token. */
export function connectionOfClient(
  client: string,
  connections: readonly Connection[],
): Connection | undefined {
  const [only, ...others] = connections;
  const named = connections.find(({ clientId }) => clientId === client);
  return named ?? (others.length === 0 && only?.clientId === undefined ? only : undefined);
}

/** Its own people, and those that no connection has changed yet. */
export function sees({ name }: Connection, { directory }: Contact): boolean {
  return directory === undefined || directory.connection === name;
}

/**
 * By the form in which names are compared: where the ending is one that the stage takes off, what is left has no domain,
 * which could be another connection's.
 *
 * @param same see `nameForm`
 */
export function mayGive({ userNameEndings }: Connection, userName: string, same: readonly string[]): boolean {
  if (userNameEndings === undefined) return true;
  const [name, form] = [foldUserId(userName), nameForm(userName, same)];
  const own = userNameEndings.map(foldUserId).filter((ending) => name.endsWith(ending));
  return own.length > 0 && (own.some((ending) => form.endsWith(ending)) || !form.includes('@'));
}

/**
 * Whether it is a name by which Entra ID vouches for somebody of another tenant than the connection's. A directory that
 * gave such a name to a person of its own could sign in as the other tenant's.
 *
 * @param same see `nameForm`
 */
export function isForeignEntraName(name: string, { tenantId }: Connection, same: readonly string[]): boolean {
  const form = nameForm(name, same);
  const own = tenantId === undefined ? undefined : foldUserId(`entra:${tenantId}:`);
  return form.startsWith('entra:') && (own === undefined || !form.startsWith(own));
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * With several connections a bare externalId is no name: two directories may have the same.
 *
 * @param isOnly whether there is no other connection
 */
export function namesOfExternalId(
  externalId: string | undefined,
  { tenantId }: Connection,
  isOnly: boolean,
): readonly string[] {
  if (externalId === undefined) return [];
  return [
    ...(isOnly ? [externalId] : []),
    ...(tenantId !== undefined && guid.test(externalId) ? [`entra:${tenantId}:${externalId}`] : []),
  ];
}
