/** The acts that send a code: by a method that the person chose, and again. */
import type { StartOutcome } from '../../shared/domain/otp/issue.ts';
import { type ResendOutcome, resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { offeredMethods } from '../../shared/domain/policy/methods.ts';
import { type Method, methods } from '../../shared/domain/policy/policy.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { isTaken } from '../../shared/domain/sign-in-session/offers.ts';
import { fieldOf } from '../../shared/http/web-request.ts';
import { log } from '../../shared/log/log.ts';
import type { Form } from './form.ts';
import { lockedBy } from './locked-by.ts';
import { personOf } from './person.ts';

/** The first code by this method; or a new code, where one is out already. The person's own choice, and no other's. */
export async function sendBy(form: Form): Promise<SessionChange> {
  const { session, fields } = form;
  const method = methods.find((each) => each === fieldOf(fields, 'method'));
  if (method === undefined) return { problem: { kind: 'not-chosen' } };
  const { policy, voice } = form.ports;
  if (!offeredMethods(policy, voice).includes(method) || !isTaken(method, session.return))
    return { problem: { kind: 'not-chosen' } };
  return session.state.at === 'code'
    ? sendAgain(form, session.state.challengeId, method)
    : start(form, method);
}

export async function resend(form: Form): Promise<SessionChange> {
  const { recovery, session } = form;
  if (session.state.at === 'code') return sendAgain(form, session.state.challengeId);
  return recovery?.step?.type === 'otp' ? sendAgain(form, recovery.step.challengeId) : {};
}

async function start({ session, client, ports, idempotency }: Form, method: Method): Promise<SessionChange> {
  ports.queues.prepare();
  const person = await personOf(session, ports);
  const locale = session.language;
  const of = { client, purpose: 'sign-in', session: session.id } as const; // two browsers share no code
  const among = methods.filter((each) => isTaken(each, session.return)); // nor is a message turned to another
  const request = { ...of, person, method, locale, idempotency, among };
  const outcome = await startChallenge(request, ports);
  const user = person.key;
  if (outcome.kind === 'challenge') {
    const { challengeId: challenge, method: by } = outcome.view;
    log('challenge-started', { user, client, challenge, method: by });
  } else log('start-refused', { user, client, reason: outcome.kind });
  return led(outcome, false, session.return);
}

async function sendAgain(form: Form, challengeId: string, method?: Method): Promise<SessionChange> {
  const { session, client, ports, idempotency } = form;
  ports.queues.prepare();
  const outcome = await resendCode({ challengeId, client, method, idempotency }, ports);
  if (outcome.kind === 'challenge') {
    log('challenge-resent', { client, challenge: challengeId, method: outcome.view.method });
  } else log('resend-refused', { client, challenge: challengeId, reason: outcome.kind });
  const isOfRecovery = session.state.at === 'recovery';
  // The challenge's time is over, and a new one begins where nobody has to start from the choice again.
  if (outcome.kind === 'challenge-closed' && !isOfRecovery)
    return method === undefined ? {} : start(form, method);
  const change = led(outcome, true, session.return);
  return isOfRecovery ? { problem: change.problem } : change;
}

function led(
  outcome: StartOutcome | ResendOutcome,
  resent: boolean,
  origin: Form['session']['return'],
): SessionChange {
  switch (outcome.kind) {
    case 'challenge': {
      const { challengeId, method, resendAvailableAt: until } = outcome.view;
      // Another code of this person is out, by a method that this client does not take.
      if (!isTaken(method, origin)) return { problem: { kind: 'too-many', until } };
      return { state: { at: 'code', challengeId, resent } };
    }
    case 'rate-limited':
      return { problem: { kind: resent ? 'too-early' : 'too-many', until: outcome.retryAt } };
    case 'attempts-exhausted':
      return lockedBy(outcome, 'code');
    case 'challenge-closed':
      return { state: { at: 'spent', what: 'code' } };
    case 'conflict':
    case 'fallback-disabled':
    case 'method-unavailable':
      return { state: { at: 'choosing' }, problem: { kind: 'unavailable' } };
  }
}
