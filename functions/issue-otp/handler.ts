/** issue-otp: starts challenges, sends new codes for them, and tells their owner how they stand. */

import { kmsClient } from '../../shared/aws/kms.ts';
import { type LazyDeliveryQueues, lazyDeliveryQueues } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import type { IssuePorts, StartOutcome } from '../../shared/domain/otp/issue.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { advanceRecovery } from '../../shared/domain/recovery/advance-recovery.ts';
import { endSuperseded } from '../../shared/domain/recovery/answer-step.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { tellReopened } from '../../shared/domain/recovery/reopened-step.ts';
import type { ChallengeView } from '../../shared/domain/user-record/challenge.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { challengeBody, challengePath, resendBody, startBody } from '../../shared/http/otp-challenges.ts';
import { type Answer, json, problem, retryIn } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { api } from '../../shared/lambda/api.ts';
import { tokenOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { log } from '../../shared/log/log.ts';
import { promptFor } from '../../shared/messages/texts.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';

interface Ports extends IssuePorts, RecoveryPorts {
  readonly queues: LazyDeliveryQueues;
  readonly clientIdClaim: string;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('issue-otp');
  const core = await corePorts(environment, kmsClient());
  const queues = lazyDeliveryQueues(environment);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    counters: rateLimiter(core.table),
    queues,
    voice: queues.voice,
    decoyEmailDomain: environment.DECOY_EMAIL_DOMAIN,
    defaultLocale: environment.DEFAULT_LOCALE,
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}

const start = route({ body: startBody }, async ({ body, caller, idempotency }, ports: Ports) => {
  const { client } = caller;
  const { userId, method, locale, device } = body;
  ports.queues.prepare();
  const outcome = await startChallenge(
    { userId, client, purpose: 'sign-in', method, locale, device, idempotency },
    ports,
  );
  const user = locatorOf(userId);
  if (outcome.kind === 'challenge') {
    const { challengeId: challenge, method: by } = outcome.view;
    log('challenge-started', { user, client, challenge, method: by });
  } else log('start-refused', { user, client, reason: outcome.kind });
  return answer(outcome, 201, ports);
});

const resend = route(
  { path: challengePath, body: resendBody },
  async ({ path: { challengeId }, body: { method }, caller: { client }, idempotency }, ports: Ports) => {
    ports.queues.prepare();
    const outcome = await resendCode({ challengeId, client, method, idempotency }, ports);
    if (outcome.kind === 'challenge') {
      log('challenge-resent', { client, challenge: challengeId, method: outcome.view.method });
    } else log('resend-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    switch (outcome.kind) {
      case 'challenge-closed':
      case 'attempts-exhausted':
        return problem(outcome.kind);
      default:
        return answer(outcome, 200, ports);
    }
  },
);

const status = route({ path: challengePath }, async ({ path, caller }, ports: Ports) => {
  const found = await readChallenge(path.challengeId, caller.client, ports);
  if (found === undefined) return problem('challenge-closed');
  return json(200, { ...view(found), status: found.status, delivery: found.delivery });
});

function answer(outcome: StartOutcome, statusCode: 200 | 201, { clock }: Ports): Answer {
  switch (outcome.kind) {
    case 'challenge':
      return json(statusCode, view(outcome.view));
    case 'rate-limited':
      return problem('rate-limited', retryIn(outcome.retryAt, clock));
    case 'fallback-disabled':
    case 'method-unavailable':
    case 'conflict':
      return problem(outcome.kind);
  }
}

function view(challenge: ChallengeView) {
  return challengeBody(challenge, promptFor(challenge.locale, challenge.destination));
}

/** The step of a recovery that sends a code to the alternate email. */
async function sendCode(event: WorkflowTask, ports: Ports): Promise<object> {
  const { recoveryId: recovery } = event;
  const token = tokenOf(event);
  const found = await ports.recoveries.read(recovery);
  if (found === undefined) throw new Error('the recovery is not there');
  const { userId, client, locale } = found;
  const outcome = await startChallenge({ userId, client, purpose: 'recovery', recovery, locale }, ports);
  if (outcome.kind !== 'challenge') {
    log('start-refused', { user: locatorOf(userId), client, reason: outcome.kind });
    await ports.workflow.fail(token, 'Refused');
    return {};
  }
  const { superseded, view } = outcome;
  const step = { type: 'otp', token, challengeId: view.challengeId } as const;
  await advanceRecovery(recovery, { step }, ports);
  await tellReopened(found, step, ports);
  await endSuperseded(superseded, ports);
  log('recovery-step-opened', { user: locatorOf(userId), client, recovery, step: 'otp' });
  return {};
}

export const handler = api(
  connect,
  {
    'POST /v1/otp-challenges': start,
    'POST /v1/otp-challenges/{challengeId}/resend': resend,
    'GET /v1/otp-challenges/{challengeId}': status,
  },
  { 'send-code': sendCode },
);
