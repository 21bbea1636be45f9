/** The verdict on all answers together, and what it does to their recovery. */
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { digest } from '../../shared/domain/identifiers/request-id.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { failStep, resumeRecovery } from '../../shared/domain/recovery/answer-step.ts';
import type { Recovery, RecoveryStep } from '../../shared/domain/recovery/recovery.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import type { Ports } from './ports.ts';
import { disabled, exhausted, over } from './refusals.ts';
import { menu, type Reply, type Visit } from './visit.ts';

/** On a step of a recovery. */
export type Verdict =
  | { readonly kind: 'verified' }
  /** The step begins again. */
  | { readonly kind: 'rejected'; readonly message: string }
  /** The step stays as it is. */
  | { readonly kind: 'refused'; readonly reply: Reply }
  /** Nobody can answer it any more. */
  | { readonly kind: 'ended'; readonly reply: Reply };

type Questions = Extract<RecoveryStep, { readonly type: 'kba' }>;

/** The same last answer once more, after a fault or at once, is the same attempt with the same verdict. */
export async function checkAllAnswers(
  visit: Visit,
  { id }: Recovery,
  { challengeId, questions }: Questions,
  given: readonly string[],
  ports: Ports,
): Promise<Verdict> {
  const { client, locale, dialogue } = visit;
  const answers = questions.map(({ questionId }, place) => ({ questionId, answer: given[place] ?? '' }));
  const request = digest([dialogue.transaction.id, dialogue.revision, ...given].join('\0'));
  const outcome = await checkAnswers({ challengeId, client, answers, request }, ports);
  if (outcome.kind !== 'verified')
    log('answers-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
  switch (outcome.kind) {
    case 'verified':
      if ((await resumeRecovery(id, challengeId, ports)) !== 'resumed')
        return { kind: 'ended', reply: over(visit, ports) };
      log('answers-verified', { user: outcome.user, client, challenge: challengeId, purpose: 'recovery' });
      return { kind: 'verified' };
    case 'rejected': {
      const count = outcome.attemptsRemaining;
      const message = logonText(locale, 'windows.wrong-answers', { count });
      if (count > 0) return { kind: 'rejected', message };
      await failStep(id, challengeId, ports);
      return { kind: 'ended', reply: menu(visit, ports, message) };
    }
    case 'attempts-exhausted': {
      const reply = exhausted(visit, outcome, ports);
      if (outcome.recovery === undefined) return { kind: 'refused', reply };
      // The day's tries are used up: nobody can answer this step any more.
      await failStep(id, challengeId, ports);
      return { kind: 'ended', reply };
    }
    case 'challenge-closed':
    case 'conflict':
      return { kind: 'ended', reply: over(visit, ports) };
    case 'fallback-disabled':
      return { kind: 'refused', reply: disabled(visit) };
  }
}
