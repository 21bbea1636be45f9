/** kba-check: puts security questions to a person and gives one verdict on all answers together. */

import { kmsClient } from '../../shared/aws/kms.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { type AskedQuestion, askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import type { KbaPorts } from '../../shared/domain/kba/kba-ports.ts';
import { recoveryPaths } from '../../shared/domain/policy/recovery-paths.ts';
import { advanceRecovery } from '../../shared/domain/recovery/advance-recovery.ts';
import { endSuperseded, failStep } from '../../shared/domain/recovery/answer-step.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { tellReopened } from '../../shared/domain/recovery/reopened-step.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { askBody, checkBody, questionsBody } from '../../shared/http/kba-challenges.ts';
import { challengePath } from '../../shared/http/otp-challenges.ts';
import { json, problem, retryIn } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { type AssertionPorts, answerVerified } from '../../shared/http/verification.ts';
import { api } from '../../shared/lambda/api.ts';
import { tokenOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { log } from '../../shared/log/log.ts';
import { type SecurityQuestionTexts, securityQuestionTexts } from '../../shared/messages/question-texts.ts';

interface Ports extends KbaPorts, AssertionPorts, RecoveryPorts {
  readonly clientIdClaim: string;
  readonly questions: SecurityQuestionTexts;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('kba-check');
  const kms = kmsClient();
  const core = await corePorts(environment, kms);
  const questions = securityQuestionTexts(environment);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    ...assertionPorts(kms, environment),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    questions,
    questionIds: questions.ids,
  };
}

const ask = route(
  { body: askBody },
  async ({ body: { userId, locale }, caller, idempotency }, ports: Ports) => {
    const { client } = caller;
    if (!recoveryPaths(ports.policy).includes('kba')) return problem('fallback-disabled');
    const outcome = await askQuestions({ userId, client, purpose: 'sign-in', idempotency }, ports);
    const user = locatorOf(userId);
    if (outcome.kind !== 'questions') log('questions-refused', { user, client, reason: outcome.kind });
    switch (outcome.kind) {
      case 'questions': {
        log('questions-asked', { user, client, challenge: outcome.view.challengeId });
        const questions = outcome.questions.map((question) => worded(question, locale, ports));
        return json(201, questionsBody(outcome.view, questions));
      }
      case 'rate-limited':
        return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
      case 'fallback-disabled':
      case 'conflict':
        return problem(outcome.kind);
    }
  },
);

const check = route(
  { path: challengePath, body: checkBody },
  async ({ path: { challengeId }, body: { answers }, caller: { client }, idempotency }, ports: Ports) => {
    const request = idempotency?.key ?? newRequestId();
    const outcome = await checkAnswers({ challengeId, client, answers, request }, ports);
    if (outcome.kind !== 'verified')
      log('answers-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { userId, user, purpose, recovery, at } = outcome;
        const verified = { id: challengeId, userId, client, purpose, authenticator: 'kba', at } as const;
        const body = await answerVerified(verified, recovery, ports);
        if (body === undefined) return problem('challenge-closed');
        log('answers-verified', { user, client, challenge: challengeId, purpose });
        return json(200, body);
      }
      case 'code-rejected':
        // Also when right answers are on their way at the same moment: whichever reaches the workflow first decides,
        // so that last wrong answers may end a recovery that right ones were about to move on. It ends closed; the
        // person starts another.
        if (outcome.attemptsRemaining === 0 && outcome.recovery !== undefined) {
          await failStep(outcome.recovery, challengeId, ports);
        }
        return problem('code-rejected', {
          detail: 'Not all answers are right. Check them all and try again.',
          attemptsRemaining: outcome.attemptsRemaining,
        });
      case 'attempts-exhausted': {
        const { retryAt, recovery } = outcome;
        // The tries of the day are spent: this step is not to be answered any more.
        if (recovery !== undefined) await failStep(recovery, challengeId, ports);
        return problem('attempts-exhausted', retryIn(retryAt, ports.clock));
      }
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

/** In the language that the client asked for: a person's own would tell who is enrolled. */
function worded({ questionId, text }: AskedQuestion, locale: string | undefined, { questions }: Ports) {
  return { questionId, text: questions.wording(questionId, locale) ?? text ?? questionId };
}

/** The step of a recovery that puts the questions. */
async function askInRecovery(event: WorkflowTask, ports: Ports): Promise<object> {
  const { recoveryId: recovery } = event;
  const token = tokenOf(event);
  const found = await ports.recoveries.read(recovery);
  if (found === undefined) throw new Error('the recovery is not there');
  const { userId, client, locale } = found;
  const outcome = await askQuestions({ userId, client, purpose: 'recovery', recovery }, ports);
  if (outcome.kind !== 'questions') {
    log('questions-refused', { user: locatorOf(userId), client, reason: outcome.kind });
    await ports.workflow.fail(token, 'Refused');
    return {};
  }
  const { superseded, view } = outcome;
  const { challengeId, expiresAt } = view;
  const questions = outcome.questions.map((question) => worded(question, locale, ports));
  const step = { type: 'kba', token, challengeId, questions, expiresAt } as const;
  await advanceRecovery(recovery, { step }, ports);
  await tellReopened(found, step, ports);
  await endSuperseded(superseded, ports);
  log('recovery-step-opened', { user: locatorOf(userId), client, recovery, step: 'kba' });
  return {};
}

export const handler = api(
  connect,
  {
    'POST /v1/kba-challenges': ask,
    'POST /v1/kba-challenges/{challengeId}/check': check,
  },
  { 'ask-questions': askInRecovery },
);
