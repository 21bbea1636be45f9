/** `POST /v1/otp-challenges`: starts a challenge and sends its code. */
import { findPerson } from '../../shared/domain/names/person.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { startBody } from '../../shared/http/otp-challenges.ts';
import { route } from '../../shared/http/route.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';
import { answer } from './present.ts';

export const start = route({ body: startBody }, async ({ body, token, idempotency }, ports: Ports) => {
  const { client } = token;
  const { userId, method, session, locale, device } = body;
  ports.queues.prepare();
  const person = await findPerson(userId, ports);
  const outcome = await startChallenge(
    { person, client, purpose: 'sign-in', session, method, locale, device, idempotency },
    ports,
  );
  const user = person.key;
  if (outcome.kind === 'challenge') {
    const { challengeId: challenge, method: by } = outcome.view;
    log('challenge-started', { user, client, challenge, method: by });
  } else log('start-refused', { user, client, reason: outcome.kind });
  return answer(outcome, 201, ports);
});
