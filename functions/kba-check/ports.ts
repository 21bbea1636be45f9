/** Builds the ports of this function from its environment. */
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { AskedQuestion } from '../../shared/domain/kba/ask-questions.ts';
import type { KbaPorts } from '../../shared/domain/kba/kba-ports.ts';
import type { NamePorts } from '../../shared/domain/names/person.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { isClosed, type RestrictionStore } from '../../shared/domain/restrictions/restrictions.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import type { AssertionPorts } from '../../shared/http/verification.ts';
import { type SecurityQuestionTexts, securityQuestionTexts } from '../../shared/messages/question-texts.ts';

export interface Ports extends KbaPorts, NamePorts, AssertionPorts, RecoveryPorts {
  readonly clientIdClaim: string;
  readonly restrictions: RestrictionStore;
  readonly questions: SecurityQuestionTexts;
}

export async function connect(): Promise<Ports> {
  const environment = environmentOf('kba-check');
  const kms = kmsClient();
  // At once: one wait for KMS at a cold start and not two.
  const [core, assertions] = await Promise.all([
    corePorts(environment, kms),
    assertionPorts(kms, environment),
  ]);
  const questions = securityQuestionTexts(environment);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    ...assertions,
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    questions,
    questionIds: questions.ids,
  };
}

/** Whether an administrator has closed recoveries, and with them the questions at every door. */
export async function areQuestionsClosed({ restrictions, clock }: Ports): Promise<boolean> {
  return isClosed(await restrictions.read(), 'recoveries', clock.now());
}

/** Words questions in the language that the client asked for. The person's own would reveal who is enrolled. */
export function worded({ questions }: Pick<Ports, 'questions'>) {
  return ({ questionId, text }: AskedQuestion, locale: string | undefined) => ({
    questionId,
    text: questions.wording(questionId, locale) ?? text ?? questionId,
  });
}
