/** recovery: starts recoveries, reports them to the client they belong to, and records how they end. */
import { readRecovery } from '../../shared/domain/recovery/recovery.ts';
import { unlessStopped } from '../../shared/domain/recovery/stopped-since.ts';
import { problem } from '../../shared/http/problem.ts';
import { recoveryAnswer, recoveryPath } from '../../shared/http/recoveries.ts';
import { route } from '../../shared/http/route.ts';
import { api } from '../../shared/lambda/api.ts';
import { choose } from './choose.ts';
import { connect, type Ports } from './ports.ts';
import { present } from './present.ts';
import { start } from './start.ts';
import { askPath, end } from './workflow-tasks.ts';

const read = route(
  { path: recoveryPath },
  async ({ path: { recoveryId }, token: { client } }, ports: Ports) => {
    const recovery = await readRecovery(recoveryId, client, ports);
    if (recovery === undefined) return problem('challenge-closed');
    return recoveryAnswer(200, await present(await unlessStopped(recovery, ports), ports));
  },
);

export const handler = api(
  'recovery',
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
