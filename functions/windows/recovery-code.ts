/** The code that comes after the questions: to the alternate email, for this recovery alone. */
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { failStep, resumeRecovery } from '../../shared/domain/recovery/answer-step.ts';
import type { Recovery, RecoveryStep } from '../../shared/domain/recovery/recovery.ts';
import { readTypedCode } from '../../shared/domain/text/typed-code.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import { promptFor } from '../../shared/messages/texts.ts';
import type { Verdict } from './answers.ts';
import type { Ports } from './ports.ts';
import { disabled, exhausted, noMessageBefore, over } from './refusals.ts';
import { againOnly, isAgain, menu, type Reply, rejected, type Visit } from './visit.ts';

const refused = (reply: Reply): Verdict => ({ kind: 'refused', reply });
const ended = (reply: Reply): Verdict => ({ kind: 'ended', reply });

export async function checkRecoveryCode(
  visit: Visit,
  { id }: Recovery,
  { challengeId }: Extract<RecoveryStep, { readonly type: 'otp' }>,
  typed: string,
  ports: Ports,
): Promise<Verdict> {
  const { client, locale } = visit;
  if (isAgain(visit, typed)) return refused(await anotherCode(visit, challengeId, ports));
  const code = readTypedCode(typed);
  if (code === undefined || code === '')
    return refused(rejected(logonText(locale, 'windows.no-code', { choices: againOnly(visit) })));
  const outcome = await verifyCode({ challengeId, client, code, request: newRequestId() }, ports);
  if (outcome.kind === 'wrong-length')
    return refused(rejected(logonText(locale, 'windows.code-length', { count: outcome.digits })));
  if (outcome.kind !== 'verified')
    log('code-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  switch (outcome.kind) {
    case 'verified': {
      const { user, method, country, purpose } = outcome;
      if ((await resumeRecovery(id, challengeId, ports)) !== 'resumed') return ended(over(visit, ports));
      log('code-verified', { user, client, challenge: challengeId, method, country, purpose });
      return { kind: 'verified' };
    }
    case 'code-rejected': {
      const count = outcome.attemptsRemaining;
      const wrong = logonText(locale, 'windows.wrong-code', { count });
      if (count > 0) return refused(rejected(wrong));
      await failStep(id, challengeId, ports);
      return ended(menu(visit, ports, wrong));
    }
    case 'attempts-exhausted':
      return refused(exhausted(visit, outcome, ports));
    case 'challenge-closed':
    case 'conflict':
      return ended(over(visit, ports));
    case 'fallback-disabled':
      return refused(disabled(visit));
  }
}

async function anotherCode(visit: Visit, challengeId: string, ports: Ports): Promise<Reply> {
  const { client, locale } = visit;
  ports.queues.prepare();
  const outcome = await resendCode({ challengeId, client }, ports);
  if (outcome.kind === 'challenge') {
    log('challenge-resent', { client, challenge: challengeId, method: outcome.view.method });
    const values = { prompt: promptFor(locale, outcome.view.destination), choices: againOnly(visit) };
    const message = logonText(locale, 'windows.switch', values);
    return { kind: 'challenge', prompt: { type: 'email', message } };
  }
  log('resend-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  if (outcome.kind === 'rate-limited') return noMessageBefore(visit, outcome.retryAt, ports);
  return outcome.kind === 'attempts-exhausted' ? exhausted(visit, outcome, ports) : over(visit, ports);
}
