/** `POST /v1/recoveries`: starts a recovery and answers with its first step. */
import { findPerson } from '../../shared/domain/names/person.ts';
import { recallAnswer } from '../../shared/domain/recovery/kept-answers.ts';
import { nextStep } from '../../shared/domain/recovery/next-step.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import { isClosed } from '../../shared/domain/restrictions/restrictions.ts';
import { attemptsExhausted, problem, retryIn } from '../../shared/http/problem.ts';
import { recoveryAnswer, repeatedAnswer, startRecoveryBody } from '../../shared/http/recoveries.ts';
import { route } from '../../shared/http/route.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';
import { presentOnce } from './present.ts';

export const start = route(
  { body: startRecoveryBody },
  async ({ body, token: { client }, idempotency }, ports: Ports) => {
    const person = await findPerson(body.userId, ports);
    const user = person.key;
    if (isClosed(await ports.restrictions.read(), 'recoveries', ports.clock.now())) {
      log('recovery-refused', { user, client, reason: 'fallback-disabled' });
      return problem('fallback-disabled');
    }
    const outcome = await startRecovery({ ...body, person, client, idempotency }, ports);
    if (outcome.kind !== 'recovery') {
      log('recovery-refused', { user, client, reason: outcome.kind });
      if (outcome.kind === 'attempts-exhausted') return attemptsExhausted(outcome, ports.clock);
      if (outcome.kind !== 'rate-limited') return problem(outcome.kind);
      return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
    }
    const { recovery, repeated } = outcome;
    const { id, path: taken = 'to be chosen' } = recovery;
    const answered = repeated ? await recallAnswer(id, idempotency, ports) : undefined;
    if (answered === 'conflict') return problem(answered);
    if (answered) return repeatedAnswer(201, answered);
    log('recovery-started', { user, client, recovery: id, path: taken });
    const presented = await presentOnce(await nextStep(recovery, ports), idempotency, ports);
    return recoveryAnswer(201, presented);
  },
);
