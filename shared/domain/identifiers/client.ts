/** Clients: whose challenge it is. Four kinds of programs start challenges, and equal names do not make them one. */
import { createHash } from 'node:crypto';
import type { Purpose } from './challenge-id.ts';

/**
 * A client of access tokens goes by the name in its token. All others have their kind in front, so that the name alone
 * is what challenges, counts and assertions are bound to.
 */
const doorKinds = ['page', 'entra', 'windows'] as const;
export type DoorKind = (typeof doorKinds)[number];

/**
 * The client behind a door that takes no access token.
 *
 * @param name of the page's OIDC client, of the tenant, or of the group of Windows PCs
 */
export function clientOfDoor(kind: DoorKind, name: string): string {
  return `${kind}:${name}`;
}

/**
 * Whether nobody has shown a password at a client's door. Whoever knows a name can then be anybody, so what is used up
 * there is refused there alone.
 */
export const isAnonymous = (client: string): boolean => doorKindOf(client) === 'windows';

/** Which door a client is; `undefined` for a client of access tokens, since a token with a door's name is refused. */
export function doorKindOf(client: string): DoorKind | undefined {
  return doorKinds.find((kind) => client.startsWith(clientOfDoor(kind, '')));
}

/**
 * What a person's messages are shared out by: each client is a door, all logon screens of Windows together are one, and
 * recoveries are one. At a logon screen nobody has shown a password, so what begins there stays there.
 *
 * @returns a short name of it, which says nothing of the client's
 */
export function doorOf(client: string, purpose: Purpose): string {
  const door = isAnonymous(client) ? 'anonymous' : purpose === 'recovery' ? 'recovery' : `client ${client}`;
  return createHash('sha256').update(door).digest('base64url').slice(0, 8);
}

/** The door of all logon screens, where nobody has shown a password. */
export const anonymousDoor = doorOf(clientOfDoor('windows', ''), 'sign-in');
