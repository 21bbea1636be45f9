/** issue-otp: starts challenges, sends new codes for them, and tells their owner how they stand. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { challengePath, resendBody, startBody } from '../../shared/http/otp-challenges.ts';
import { json, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { api } from '../../shared/lambda/api.ts';
import { log } from '../../shared/log/log.ts';
import { connect, type Ports } from './ports.ts';
import { answer, view } from './present.ts';
import { sendCode } from './workflow-tasks.ts';

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

export const handler = api(
  connect,
  {
    'POST /v1/otp-challenges': start,
    'POST /v1/otp-challenges/{challengeId}/resend': resend,
    'GET /v1/otp-challenges/{challengeId}': status,
  },
  { 'send-code': sendCode },
);
