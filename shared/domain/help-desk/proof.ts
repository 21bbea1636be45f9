/** Proofs as operators hold them: a name, and a MAC that nobody with the table alone can make. */
import { randomBytes } from 'node:crypto';
import { sameDigest } from '../crypto/digest.ts';
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import type { HelpDeskState, Proof } from '../user-record/help-desk-state.ts';

/** A caller is on the phone; who comes back a quarter of an hour later may be somebody else. */
export const proofLifetimeMilliseconds = 900_000;

/** More than the two that an act needs, for every operator who may be at it. */
const mostProofs = 16;

const shape = /^([\w-]{22})\.([\w-]{22})$/;

/** @param id made from the challenge for a caller's proof, so that a repetition gets the same one */
export function newProof(
  given: Pick<Proof, 'kind' | 'client' | 'giver' | 'act'>,
  now: number,
  keyring: Keyring,
  id = randomBytes(16).toString('base64url'),
): Proof {
  return { ...given, id, expiresAt: now + proofLifetimeMilliseconds, key: keyring.current };
}

/** What the operator is given. */
export function shownProof(proof: Proof, locator: string, keyring: Keyring): string {
  return `${proof.id}.${macOf(proof, locator, keyring)}`;
}

/** Bound to the person, and to all that the record says of the proof when it is given. */
function macOf(proof: Proof, locator: string, keyring: Keyring): string {
  const { id, kind, client, giver = '', act = '', expiresAt, key } = proof;
  // What a caller's proof is for is decided by its first use, after it was given.
  const bound = kind === 'approval' ? act : '';
  return hmac128(keyring.key('proof', key), locator, id, kind, client, giver, bound, String(expiresAt));
}

/** The proof of the record that this text stands for, if it is still good for the client. */
export function findProof(
  shown: string,
  { proofs }: HelpDeskState,
  { locator, client, now }: { readonly locator: string; readonly client: string; readonly now: number },
  keyring: Keyring,
): Proof | undefined {
  const [, id, mac = ''] = shape.exec(shown) ?? [];
  const found = proofs.find((proof) => proof.id === id);
  if (found === undefined || found.used || found.client !== client || found.expiresAt <= now)
    return undefined;
  return sameDigest(mac, macOf(found, locator, keyring)) ? found : undefined;
}

/** The newest that are still good, so that the record does not grow. */
export function withProof(state: HelpDeskState, proof: Proof, now: number): HelpDeskState {
  const live = state.proofs.filter(({ id, expiresAt }) => id !== proof.id && expiresAt > now);
  return { ...state, proofs: [proof, ...live].slice(0, mostProofs) };
}
