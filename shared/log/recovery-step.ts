/** Logs that a step of a recovery was opened, or why it was refused. */
import type { KbaRefusal, OpenedStep, OtpRefusal } from '../domain/recovery/open-step.ts';
import { log } from './log.ts';

type Step =
  | readonly ['kba', OpenedStep<KbaRefusal>]
  | readonly ['otp', OpenedStep<OtpRefusal>]
  | readonly ['backup-code', OpenedStep<never>];

export function logStep(...[step, outcome]: Step): void {
  const { id: recovery, person: user, client } = outcome.recovery;
  if (outcome.kind === 'opened') log('recovery-step-opened', { user, client, recovery, step });
  else if (step === 'kba') log('questions-refused', { user, client, reason: outcome.reason });
  else log('start-refused', { user, client, reason: outcome.reason });
}
