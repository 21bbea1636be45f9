/** Opening a recovery's step: the workflow waits under a token until the person has answered. */
import { type AskedQuestion, type AskOutcome, askQuestions } from '../kba/ask-questions.ts';
import type { KbaPorts } from '../kba/kba-ports.ts';
import type { IssuePorts, StartOutcome } from '../otp/issue.ts';
import { startChallenge } from '../otp/start-challenge.ts';
import type { Superseded } from '../user-record/challenge.ts';
import { challengeOf, endSuperseded } from './answer-step.ts';
import { changeRecovery } from './change-recovery.ts';
import { personOf } from './person-of.ts';
import type { Recovery, RecoveryPorts, RecoveryStep } from './recovery.ts';
import { tellReopened } from './reopened-step.ts';

/** What the workflow asks for: the step of this recovery, to be answered under this token. */
export interface StepRequest {
  readonly recoveryId: string;
  readonly token: string;
}

export type OpenedStep<Refusal extends string> =
  | { readonly kind: 'opened'; readonly recovery: Recovery }
  | { readonly kind: 'refused'; readonly recovery: Recovery; readonly reason: Refusal };

export type OtpRefusal = Exclude<StartOutcome['kind'], 'challenge'>;
export type KbaRefusal = Exclude<AskOutcome['kind'], 'questions'>;

/** The person is to choose a path. */
export async function openChooseStep({ recoveryId, token }: StepRequest, ports: RecoveryPorts) {
  await writeStep(recoveryId, { type: 'choose', token }, ports);
}

/** The person is to type a backup code. */
export async function openBackupCodeStep(
  { recoveryId, token }: StepRequest,
  ports: RecoveryPorts,
): Promise<OpenedStep<never>> {
  const recovery = await writeStep(recoveryId, { type: 'backup-code', token }, ports);
  if (recovery === undefined) throw new Error('the recovery is not there');
  return { kind: 'opened', recovery };
}

/** A code goes to the alternate email. */
export async function openOtpStep(
  { recoveryId, token }: StepRequest,
  ports: IssuePorts & RecoveryPorts,
): Promise<OpenedStep<OtpRefusal>> {
  const recovery = await recoveryFor(recoveryId, ports);
  if (recovery.status !== 'pending') return refuse(recovery, token, 'fallback-disabled', ports);
  const { client, locale } = recovery;
  const person = await personOf(recovery, ports);
  const request = { person, client, purpose: 'recovery', recovery: recoveryId, locale } as const;
  const outcome = await startChallenge(request, ports);
  if (outcome.kind !== 'challenge') return refuse(recovery, token, outcome.kind, ports);
  const { challengeId } = outcome.view;
  return opened(recovery, { type: 'otp', token, challengeId }, outcome.superseded, ports);
}

/** The security questions are put, each with the wording that `worded` gives it. */
export async function openKbaStep(
  { recoveryId, token }: StepRequest,
  worded: (question: AskedQuestion, locale: string | undefined) => { questionId: string; text: string },
  ports: KbaPorts & RecoveryPorts,
): Promise<OpenedStep<KbaRefusal>> {
  const recovery = await recoveryFor(recoveryId, ports);
  if (recovery.status !== 'pending') return refuse(recovery, token, 'fallback-disabled', ports);
  const { client, locale } = recovery;
  const person = await personOf(recovery, ports);
  const request = { person, client, purpose: 'recovery', recovery: recoveryId } as const;
  const outcome = await askQuestions(request, ports);
  if (outcome.kind !== 'questions') return refuse(recovery, token, outcome.kind, ports);
  const { challengeId, expiresAt } = outcome.view;
  const questions = outcome.questions.map((question) => worded(question, locale));
  const step = { type: 'kba', token, challengeId, questions, expiresAt } as const;
  return opened(recovery, step, outcome.superseded, ports);
}

async function recoveryFor(id: string, { recoveries }: Pick<RecoveryPorts, 'recoveries'>): Promise<Recovery> {
  const found = await recoveries.read(id);
  if (found === undefined) throw new Error('the recovery is not there');
  return found;
}

async function refuse<Refusal extends string>(
  recovery: Recovery,
  token: string,
  reason: Refusal,
  { workflow }: RecoveryPorts,
): Promise<OpenedStep<Refusal>> {
  await workflow.fail(token, 'Refused');
  return { kind: 'refused', recovery, reason };
}

async function opened(
  before: Recovery,
  step: Extract<RecoveryStep, { readonly challengeId: string }>,
  superseded: Superseded | undefined,
  ports: RecoveryPorts & Parameters<typeof tellReopened>[2],
): Promise<OpenedStep<never>> {
  await writeStep(before.id, step, ports);
  await tellReopened(before, step, ports);
  await endSuperseded(superseded, ports);
  return { kind: 'opened', recovery: before };
}

function writeStep(id: string, step: RecoveryStep, ports: Pick<RecoveryPorts, 'recoveries'>) {
  return changeRecovery(id, (found) => decideStep(found, step), ports);
}

/** A step of the same type is the same step, which a fault made the workflow open again. */
export function decideStep(found: Recovery, step: RecoveryStep): Partial<Recovery> | undefined {
  const { answered = [] } = found;
  const challengeId = challengeOf(step);
  // A task that comes late does not bring back a step that was answered.
  if (challengeId !== undefined && answered.includes(challengeId)) return undefined;
  const over = found.step && challengeOf(found.step);
  const isNext = over !== undefined && step.type !== found.step?.type;
  const steps = (found.steps ?? 0) + (step.type === found.step?.type ? 0 : 1);
  return { step, steps, ...(isNext ? { answered: [...answered, over] } : {}) };
}
