/** Ends a session as verified once the person gave a proof that the client takes. */
import { type AuthenticatorOrPath, contextOf } from '../../shared/domain/assertion.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { isTaken } from '../../shared/domain/sign-in-session/offers.ts';
import { clientOf, type SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import { log } from '../../shared/log/log.ts';

interface Proven {
  readonly proof: AuthenticatorOrPath;
  /** The person's key. */
  readonly user: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The method is looked at once more: a message may have left by another one than was chosen, or another tab may have
 * begun what the client does not take.
 */
export function verified(
  { id, key, return: origin }: SignInSession,
  { proof, user, at }: Proven,
): SessionChange {
  const isAccepted = isTaken(proof, origin) && user === key;
  const client = clientOf(origin);
  if (!isAccepted) {
    log('sign-in-ended', { client, session: id, end: 'nothing-to-offer' });
    return { state: { at: 'ended', end: 'nothing-to-offer' } };
  }
  log('sign-in-verified', { user, client, session: id, acr: contextOf(proof) });
  return { state: { at: 'verified', proven: { proof, sub: user, at } } };
}
