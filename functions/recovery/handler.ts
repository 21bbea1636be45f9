/** recovery: starts recoveries, tells their client where they stand, and writes down how they end. */

import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { choosePath } from '../../shared/domain/recovery/choose-path.ts';
import { recallAnswer } from '../../shared/domain/recovery/kept-answers.ts';
import { readRecovery } from '../../shared/domain/recovery/recovery.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import { json, problem, retryIn } from '../../shared/http/problem.ts';
import { choosePathBody, recoveryPath, startRecoveryBody } from '../../shared/http/recoveries.ts';
import { route } from '../../shared/http/route.ts';
import { api } from '../../shared/lambda/api.ts';
import { log } from '../../shared/log/log.ts';
import { connect, type Ports } from './ports.ts';
import { nextStep, present, presentOnce } from './present.ts';
import { askPath, end } from './workflow-tasks.ts';

const start = route(
  { body: startRecoveryBody },
  async ({ body, caller: { client }, idempotency }, ports: Ports) => {
    const outcome = await startRecovery({ ...body, client, idempotency }, ports);
    const user = locatorOf(body.userId);
    if (outcome.kind !== 'recovery') {
      log('recovery-refused', { user, client, reason: outcome.kind });
      if (outcome.kind !== 'rate-limited') return problem(outcome.kind);
      return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
    }
    const { recovery, repeated } = outcome;
    const { id, path: taken = 'to be chosen' } = recovery;
    const answered = repeated ? await recallAnswer(id, idempotency, ports) : undefined;
    if (answered === 'conflict') return problem(answered);
    if (answered) return json(201, answered);
    log('recovery-started', { user, client, recovery: id, path: taken });
    return json(201, await presentOnce(await nextStep(recovery, ports), idempotency, ports));
  },
);

const choose = route(
  { path: recoveryPath, body: choosePathBody },
  async ({ path: { recoveryId }, body: { path }, caller: { client }, idempotency }, ports: Ports) => {
    const answered = await recallAnswer(recoveryId, idempotency, ports);
    if (answered === 'conflict') return problem(answered);
    if (answered) return json(200, answered);
    const outcome = await choosePath(recoveryId, client, path, ports);
    if (outcome.kind !== 'chosen') return problem(outcome.kind);
    log('recovery-path-chosen', { client, recovery: recoveryId, path });
    return json(200, await presentOnce(await nextStep(outcome.recovery, ports), idempotency, ports));
  },
);

const read = route(
  { path: recoveryPath },
  async ({ path: { recoveryId }, caller: { client } }, ports: Ports) => {
    const recovery = await readRecovery(recoveryId, client, ports);
    return recovery ? json(200, await present(recovery, ports)) : problem('challenge-closed');
  },
);

export const handler = api(
  connect,
  {
    'POST /v1/recoveries': start,
    'POST /v1/recoveries/{recoveryId}/path': choose,
    'GET /v1/recoveries/{recoveryId}': read,
  },
  {
    'ask-path': askPath,
    succeed: end('succeeded'),
    fail: end('failed'),
    'time-out': end('timed-out'),
  },
);
