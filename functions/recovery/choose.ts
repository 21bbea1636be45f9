/** `POST /v1/recoveries/{recoveryId}/path`: answers the step that asks for a path. */
import { choosePath } from '../../shared/domain/recovery/choose-path.ts';
import { recallAnswer } from '../../shared/domain/recovery/kept-answers.ts';
import { nextStep } from '../../shared/domain/recovery/next-step.ts';
import { problem } from '../../shared/http/problem.ts';
import {
  choosePathBody,
  recoveryAnswer,
  recoveryPath,
  repeatedAnswer,
} from '../../shared/http/recoveries.ts';
import { route } from '../../shared/http/route.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';
import { presentOnce } from './present.ts';

export const choose = route(
  { path: recoveryPath, body: choosePathBody },
  async ({ path: { recoveryId }, body: { path }, token: { client }, idempotency }, ports: Ports) => {
    const answered = await recallAnswer(recoveryId, idempotency, ports);
    if (answered === 'conflict') return problem(answered);
    if (answered) return repeatedAnswer(200, answered);
    const outcome = await choosePath(recoveryId, client, path, ports);
    if (outcome.kind !== 'chosen') return problem(outcome.kind);
    log('recovery-path-chosen', { client, recovery: recoveryId, path });
    const presented = await presentOnce(await nextStep(outcome.recovery, ports), idempotency, ports);
    return recoveryAnswer(200, presented);
  },
);
