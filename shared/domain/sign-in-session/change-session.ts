/** Writes to a session: what a form led to is written upon whatever the session has become meanwhile. */
import { Unavailable } from '../faults.ts';
import type { SessionProblem, SessionState, SignInSession, SignInSessions } from './session.ts';

/** What a form led to. */
export interface SessionChange {
  readonly state?: SessionState;
  readonly problem?: SessionProblem | undefined;
}

const mostRounds = 4;

/**
 * One conditional write. Where another form came between, a proof still counts, because it was given; anything else
 * yields to what the other form led to.
 */
export async function changeSession(
  before: SignInSession,
  change: SessionChange,
  sessions: SignInSessions,
): Promise<SignInSession> {
  let latest = before;
  for (let round = 0; round < mostRounds; round += 1) {
    const after = changed(latest, change);
    if (await sessions.write(latest, after)) return after;
    const found = await sessions.read(before.id);
    if (found === undefined) throw new Unavailable('table');
    const isProof = change.state?.at === 'verified';
    if (!isProof || found.state.at === 'verified' || found.state.at === 'ended') return found;
    latest = found;
  }
  throw new Unavailable('table');
}

function changed(session: SignInSession, { state, problem }: SessionChange): SignInSession {
  return { ...session, state: state ?? session.state, problem, revision: session.revision + 1 };
}
