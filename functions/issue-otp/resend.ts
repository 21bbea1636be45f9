/** `POST /v1/otp-challenges/{challengeId}/resend`: sends a new code for an open challenge. */
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { challengePath, resendBody } from '../../shared/http/otp-challenges.ts';
import { problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';
import { answer } from './present.ts';

export const resend = route(
  { path: challengePath, body: resendBody },
  async ({ path: { challengeId }, body: { method }, token: { client }, idempotency }, ports: Ports) => {
    ports.queues.prepare();
    const outcome = await resendCode({ challengeId, client, method, idempotency }, ports);
    if (outcome.kind === 'challenge') {
      log('challenge-resent', { client, challenge: challengeId, method: outcome.view.method });
    } else log('resend-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    return outcome.kind === 'challenge-closed' ? problem(outcome.kind) : answer(outcome, 200, ports);
  },
);
