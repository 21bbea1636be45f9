/** kba-check: puts security questions to a person and gives one verdict on all answers together. */
import { environmentOf } from '../../shared/configuration.ts';
import { type AskedQuestion, askQuestions } from '../../shared/domain/ask-questions.ts';
import { nameForLog } from '../../shared/domain/challenge-id.ts';
import { checkAnswers } from '../../shared/domain/check-answers.ts';
import { unrepeatable } from '../../shared/domain/idempotency.ts';
import type { KbaPorts } from '../../shared/domain/kba.ts';
import {
  advanceRecovery,
  endSuperseded,
  giveUpRecovery,
  type RecoveryPorts,
} from '../../shared/domain/recovery.ts';
import { recoveryPaths } from '../../shared/domain/recovery-paths.ts';
import { tellReopened } from '../../shared/domain/reopened-step.ts';
import { locatorOf } from '../../shared/domain/user-id.ts';
import { api, route } from '../../shared/http/api.ts';
import { askBody, checkBody, questionsBody } from '../../shared/http/kba-challenges.ts';
import { challengePath } from '../../shared/http/otp-challenges.ts';
import { json, problem, retryIn } from '../../shared/http/problem.ts';
import { kmsClient } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { recoveryPorts } from '../../shared/recovering.ts';
import { corePorts } from '../../shared/runtime.ts';
import { type SecurityQuestionTexts, securityQuestionTexts } from '../../shared/security-questions.ts';
import { type TaskEvent, tokenOf } from '../../shared/tasks.ts';
import { type AssertionPorts, answerVerified, assertionPorts } from '../../shared/verification.ts';

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
    const request = idempotency?.key ?? unrepeatable();
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
          await giveUpRecovery(outcome.recovery, challengeId, ports);
        }
        return problem('code-rejected', {
          detail: 'Not all answers are right. Check them all and try again.',
          attemptsRemaining: outcome.attemptsRemaining,
        });
      case 'attempts-exhausted': {
        const { retryAt, recovery } = outcome;
        // The tries of the day are spent: this step is not to be answered any more.
        if (recovery !== undefined) await giveUpRecovery(recovery, challengeId, ports);
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
async function askInRecovery(event: TaskEvent, ports: Ports): Promise<object> {
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
