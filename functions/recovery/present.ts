/** A recovery as its client sees it: the step that waits for an answer, or what was verified. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { ForgedState } from '../../shared/domain/faults.ts';
import type { Idempotency } from '../../shared/domain/identifiers/request-id.ts';
import { confirmRecovery } from '../../shared/domain/recovery/authentic-recovery.ts';
import { keepAnswer } from '../../shared/domain/recovery/kept-answers.ts';
import type { Recovery } from '../../shared/domain/recovery/recovery.ts';
import { isStepOnItsWay } from '../../shared/domain/recovery/step-on-its-way.ts';
import { questionsBody } from '../../shared/http/kba-challenges.ts';
import { challengeBody } from '../../shared/http/otp-challenges.ts';
import { type Presented, recoveryBody } from '../../shared/http/recoveries.ts';
import { verificationBody } from '../../shared/http/verification.ts';
import { promptOf } from '../../shared/messages/prompts.ts';
import type { Ports } from './ports.ts';

/**
 * The answer, which is kept so that repetitions of the request get the same one. An answer with an assertion is not
 * kept: it is made again, with the same bytes.
 */
export async function presentOnce(
  recovery: Recovery,
  idempotency: Idempotency | undefined,
  ports: Ports,
): Promise<Presented> {
  const { body, isMoving } = await present(recovery, ports);
  if (recovery.status === 'succeeded') return { body, isMoving };
  return { body: await keepAnswer(recovery.id, idempotency, body, ports), isMoving };
}

/**
 * The person's record is not read again: the recovery's MAC covers the person and that every step was proven.
 *
 * @throws {ForgedState} where a success was written by somebody else
 */
export async function present(recovery: Recovery, ports: Ports): Promise<Presented> {
  const { id, client, subject, userId: name, status, path, endedAt: at } = recovery;
  if (status !== 'succeeded') {
    const { step, isAnswered = await isStepOnItsWay(recovery, ports) } = await stepOf(recovery, ports);
    return { body: recoveryBody(recovery, { step }), isMoving: isAnswered };
  }
  confirmRecovery(recovery, ports.stateKeys);
  if (subject === undefined || path === undefined || at === undefined) throw new ForgedState('recovery');
  const verified = {
    id,
    userId: subject,
    name,
    client,
    at,
    purpose: 'recovery',
    authenticator: path,
  } as const;
  const verification = await verificationBody(verified, ports);
  return { body: recoveryBody(recovery, { verification }), isMoving: false };
}

interface ShownStep {
  readonly step?: object;
  /** Where the step itself says so. */
  readonly isAnswered?: boolean;
}

async function stepOf({ step, status, client, paths }: Recovery, ports: Ports): Promise<ShownStep> {
  if (step === undefined || status !== 'pending') return {};
  switch (step.type) {
    case 'choose':
      return { step: { type: step.type, paths } };
    case 'kba':
      return { step: { type: step.type, challenge: questionsBody(step, step.questions) } };
    case 'otp': {
      const found = await readChallenge(step.challengeId, client, ports);
      if (found === undefined) return { isAnswered: false }; // newer recoveries took its place
      const challenge = challengeBody(found, promptOf(found, ports.clock.now()));
      return { step: { type: step.type, challenge }, isAnswered: found.status === 'verified' };
    }
    case 'backup-code':
      return { step: { type: step.type } };
  }
}
