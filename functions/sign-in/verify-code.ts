/** The act that types a code: of the sign-in itself, or of a recovery's step. */

import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { readPastedCode } from '../../shared/domain/text/pasted-code.ts';
import { fieldOf } from '../../shared/http/web-request.ts';
import { log } from '../../shared/log/log.ts';
import { answeredStep } from './answered-step.ts';
import type { Form } from './form.ts';
import { lockedBy } from './locked-by.ts';

import { verified } from './verified.ts';

export async function verifyTyped(form: Form): Promise<SessionChange> {
  const { fields, client, ports, request, session } = form;
  const typed = fieldOf(fields, 'code') ?? '';
  if (typed.trim() === '') return { problem: { kind: 'missing' } };
  const challengeId = openChallenge(form);
  if (challengeId === undefined) return {};
  const code = readPastedCode(typed, await digitsOf(form, challengeId, typed));
  if (code === undefined) return { problem: { kind: 'malformed' } };
  const outcome = await verifyCode({ challengeId, client, code, request }, ports);
  if (outcome.kind !== 'verified' && outcome.kind !== 'wrong-length')
    log('code-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  switch (outcome.kind) {
    case 'wrong-length':
      return { problem: { kind: 'malformed' } };
    case 'verified': {
      const { user, purpose, method, country, recovery, at } = outcome;
      log('code-verified', { user, client, challenge: challengeId, method, country, purpose });
      if (recovery === undefined) return verified(session, { proof: method, user, at });
      return answeredStep(form, challengeId);
    }
    case 'code-rejected': {
      const { attemptsRemaining, recovery } = outcome;
      if (attemptsRemaining > 0) return { problem: { kind: 'rejected', attemptsRemaining } };
      if (recovery !== undefined) await failStep(recovery, challengeId, ports);
      return { state: { at: 'spent', what: recovery === undefined ? 'code' : 'recovery' } };
    }
    case 'attempts-exhausted':
      return lockedBy(outcome, 'code');
    case 'challenge-closed':
    case 'conflict':
    case 'fallback-disabled':
      return { problem: { kind: 'rejected' } };
  }
}

function openChallenge({ session: { state }, recovery }: Form): string | undefined {
  if (state.at === 'code') return state.challengeId;
  return recovery?.step?.type === 'otp' ? recovery.step.challengeId : undefined;
}

/** As policy says; but a change of policy may have found the challenge open, and then its own count is asked for. */
async function digitsOf({ client, ports }: Form, challengeId: string, typed: string): Promise<number> {
  const { digits } = ports.policy.otp;
  if (readPastedCode(typed, digits) !== undefined) return digits;
  return (await readChallenge(challengeId, client, ports))?.codeLength ?? digits;
}
