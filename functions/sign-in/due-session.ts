/** Brings a session up to date before it is shown: what time has ended, and what a recovery's workflow has finished. */

import { confirmRecovery } from '../../shared/domain/recovery/authentic-recovery.ts';
import { type Recovery, readRecovery } from '../../shared/domain/recovery/recovery.ts';
import { changeSession, type SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { pathsFor } from '../../shared/domain/sign-in-session/offers.ts';
import { clientOf, type SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import type { Ports } from './ports.ts';
import { verified } from './verified.ts';

export interface DueSession {
  readonly session: SignInSession;
  /** The one that the session is in, if it goes on. */
  readonly recovery?: Recovery | undefined;
}

/** The session as it is, unless something outside of it has happened. */
export async function dueSession(session: SignInSession, ports: Ports): Promise<DueSession> {
  const { state, return: origin } = session;
  const { sessions, clock } = ports;
  if (state.at === 'locked' && state.until !== undefined && state.until <= clock.now())
    return { session: await changeSession(session, { state: { at: 'choosing' } }, sessions) };
  if (state.at !== 'recovery') return { session };
  const recovery = await readRecovery(state.recoveryId, clientOf(origin), ports);
  const { status = 'failed', path, subject, person, endedAt } = recovery ?? {};
  if (status === 'pending') return { session, recovery };
  // Nobody but the function that ends recoveries says that one succeeded.
  if (recovery?.status === 'succeeded') confirmRecovery(recovery, ports.stateKeys);
  const isProof =
    status === 'succeeded' &&
    subject !== undefined &&
    path !== undefined &&
    person !== undefined &&
    endedAt !== undefined;
  const change: SessionChange = isProof
    ? verified(session, { proof: path, user: person, at: endedAt })
    : { state: { at: 'spent', what: 'recovery' } };
  return { session: await changeSession(session, change, sessions) };
}

/** Whether anything is left to offer beside what is open. */
export const hasRecoveries = ({ return: origin }: SignInSession, { policy }: Ports): boolean =>
  pathsFor(origin, policy).length > 0;
