/** A recovery as its client sees it: the step that waits for an answer, or what was verified. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { ForgedState } from '../../shared/domain/faults.ts';
import type { Idempotency } from '../../shared/domain/identifiers/request-id.ts';
import { confirmRecovery } from '../../shared/domain/recovery/authentic-recovery.ts';
import { keepAnswer } from '../../shared/domain/recovery/kept-answers.ts';
import type { Recovery } from '../../shared/domain/recovery/recovery.ts';
import { questionsBody } from '../../shared/http/kba-challenges.ts';
import { challengeBody } from '../../shared/http/otp-challenges.ts';
import { recoveryBody } from '../../shared/http/recoveries.ts';
import { verificationBody } from '../../shared/http/verification.ts';
import { promptOf } from '../../shared/messages/prompts.ts';
import type { Ports } from './ports.ts';

/**
 * The answer, which is kept so that repetitions of the request get the same one. An answer with an assertion is not
 * kept: it is made again, with the same bytes.
 */
export async function presentOnce(recovery: Recovery, idempotency: Idempotency | undefined, ports: Ports) {
  const body = await present(recovery, ports);
  return recovery.status === 'succeeded' ? body : keepAnswer(recovery.id, idempotency, body, ports);
}

/**
 * The person's record is not read again: whom the recovery was of, and that every step was proven, stands under its MAC.
 *
 * @throws {ForgedState} where a success was written by somebody else
 */
export async function present(recovery: Recovery, ports: Ports) {
  const { id, client, subject, userId: name, status, path, endedAt: at } = recovery;
  if (status !== 'succeeded') return recoveryBody(recovery, { step: await stepOf(recovery, ports) });
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
  return recoveryBody(recovery, { verification: await verificationBody(verified, ports) });
}

async function stepOf({ step, status, client, paths }: Recovery, ports: Ports): Promise<object | undefined> {
  if (step === undefined || status !== 'pending') return undefined;
  switch (step.type) {
    case 'choose':
      return { type: step.type, paths };
    case 'kba':
      return { type: step.type, challenge: questionsBody(step, step.questions) };
    case 'otp': {
      const found = await readChallenge(step.challengeId, client, ports);
      if (found === undefined) return undefined; // newer recoveries took its place
      return { type: step.type, challenge: challengeBody(found, promptOf(found, ports.clock.now())) };
    }
    case 'backup-code':
      return { type: step.type };
  }
}
