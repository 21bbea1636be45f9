/** The step that waits for a one-time code: sends one, sends another, verifies what was typed. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { moveDialogue } from '../../shared/domain/dialogue/dialogue.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import type { StartOutcome } from '../../shared/domain/otp/issue.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import type { Method } from '../../shared/domain/policy/policy.ts';
import { readTypedCode } from '../../shared/domain/text/typed-code.ts';
import type { ChallengeView } from '../../shared/domain/user-record/challenge.ts';
import type { Prompt } from '../../shared/http/credential-provider.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import { promptFor } from '../../shared/messages/texts.ts';
import type { Ports } from './ports.ts';
import { disabled, exhausted, noMessageBefore, over } from './refusals.ts';
import { beside, menu, type Reply, rejected, type StepReply, type Visit } from './visit.ts';

/** Opens a challenge for the method that was chosen, and moves the dialogue to it. */
export async function startCode(visit: Visit, method: Method, ports: Ports): Promise<StepReply> {
  const { name, client, locale, device, dialogue } = visit;
  ports.queues.prepare();
  const person = await findPerson(name, ports);
  const { id: session } = dialogue.transaction; // two PCs share no code
  const outcome = await startChallenge(
    { person, client, purpose: 'sign-in', session, method, locale, device },
    ports,
  );
  const user = person.key;
  if (outcome.kind !== 'challenge') {
    log('start-refused', { user, client, reason: outcome.kind });
    return notSent(visit, outcome, ports);
  }
  const { challengeId, method: by } = outcome.view;
  log('challenge-started', { user, client, challenge: challengeId, method: by });
  const moved = await moveDialogue(dialogue, { kind: 'code', challengeId }, ports);
  return moved === undefined ? 'raced' : prompt(visit, outcome.view, ports);
}

/** Another code for the open challenge, by the same method or another one. */
export async function sendAgain(
  visit: Visit,
  challengeId: string,
  method: Method | undefined,
  ports: Ports,
): Promise<StepReply> {
  const { client } = visit;
  ports.queues.prepare();
  const outcome = await resendCode({ challengeId, client, method }, ports);
  if (outcome.kind === 'challenge') {
    log('challenge-resent', { client, challenge: challengeId, method: outcome.view.method });
    return prompt(visit, outcome.view, ports);
  }
  log('resend-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  const isSpent = outcome.kind === 'attempts-exhausted' && outcome.reason === 'challenge';
  if (outcome.kind !== 'challenge-closed' && !isSpent) return notSent(visit, outcome, ports);
  return method === undefined ? over(visit, ports) : startCode(visit, method, ports);
}

function notSent(
  visit: Visit,
  outcome: Exclude<StartOutcome, { readonly kind: 'challenge' }>,
  ports: Ports,
): Reply {
  switch (outcome.kind) {
    case 'attempts-exhausted':
      return exhausted(visit, outcome, ports);
    case 'rate-limited':
      return noMessageBefore(visit, outcome.retryAt, ports);
    case 'method-unavailable':
    case 'conflict':
      return over(visit, ports);
    case 'fallback-disabled':
      return disabled(visit);
  }
}

/** A text of digits is an attempt, if it is as long as the code; everything else costs nothing. */
export async function typeCode(
  visit: Visit,
  challengeId: string,
  typed: string,
  ports: Ports,
): Promise<StepReply> {
  const { client, locale } = visit;
  const code = readTypedCode(typed);
  if (code === undefined || code === '')
    return rejected(logonText(locale, 'windows.no-code', { choices: beside(visit, ports, true) }));
  const outcome = await verifyCode({ challengeId, client, code, request: newRequestId() }, ports);
  if (outcome.kind === 'wrong-length')
    return rejected(logonText(locale, 'windows.code-length', { count: outcome.digits }));
  if (outcome.kind !== 'verified')
    log('code-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  switch (outcome.kind) {
    case 'verified': {
      const { user, method, country, purpose } = outcome;
      log('code-verified', { user, client, challenge: challengeId, method, country, purpose });
      return { kind: 'accept' };
    }
    case 'code-rejected': {
      const count = outcome.attemptsRemaining;
      const wrong = logonText(locale, 'windows.wrong-code', { count });
      return count > 0 ? rejected(wrong) : menu(visit, ports, wrong);
    }
    case 'attempts-exhausted':
      return exhausted(visit, outcome, ports);
    case 'challenge-closed':
    case 'conflict':
      return over(visit, ports);
    case 'fallback-disabled':
      return disabled(visit);
  }
}

/** What is due at this step, read anew: the code may have failed over to another method. */
export async function showCode(visit: Visit, challengeId: string, ports: Ports): Promise<Reply> {
  const found = await readChallenge(challengeId, visit.client, ports);
  return found?.status === 'pending' ? prompt(visit, found, ports) : over(visit, ports);
}

function prompt(visit: Visit, { method, destination }: ChallengeView, ports: Ports): Reply {
  const { locale } = visit;
  const message = logonText(locale, 'windows.switch', {
    prompt: promptFor(locale, destination),
    choices: beside(visit, ports, true),
  });
  return { kind: 'challenge', prompt: { type: method.toLowerCase() as Prompt['type'], message } };
}
