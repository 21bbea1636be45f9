/** A recovery's step that was answered right: resumes the workflow, and waits a moment for what comes next. */
import { challengeOf, resumeRecovery } from '../../shared/domain/recovery/answer-step.ts';
import { readRecovery } from '../../shared/domain/recovery/recovery.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import type { Form } from './form.ts';

export async function answeredStep(
  { session, client, ports }: Form,
  challengeId: string,
): Promise<SessionChange> {
  const { state } = session;
  if (state.at !== 'recovery') return {};
  const resumed = await resumeRecovery(state.recoveryId, challengeId, ports);
  if (resumed !== 'resumed') return { state: { at: 'spent', what: 'recovery' } };
  await ports.pollUntil(async () => {
    const recovery = await readRecovery(state.recoveryId, client, ports);
    const isThere = recovery?.status === 'pending' && recovery.step !== undefined;
    return isThere && challengeOf(recovery.step) === challengeId ? undefined : true;
  });
  return { state: { ...state, answered: challengeId } };
}
