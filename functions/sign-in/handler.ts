/** sign-in: the page of the OpenID Provider, from the request that opens a session to the way back. */

import type { Answer } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import { web } from '../../shared/lambda/web.ts';
import { act } from './act.ts';
import { plainPage } from './answer.ts';
import { authorize } from './authorize.ts';
import { authorizeEntra } from './authorize-entra.ts';
import { connect } from './ports.ts';
import { show, showRecoveries, showWays } from './show.ts';

/** A fault before anything was accepted: the same request may be sent again. */
const outOfOrder = (event: WebEvent): Answer => plainPage({ page: 'out-of-order' }, event, Date.now());

export const handler = web(
  'sign-in',
  connect,
  {
    'GET /oidc/authorize': authorize,
    'POST /oidc/authorize': authorizeEntra,
    'GET /sign-in/{handle}': show,
    'POST /sign-in/{handle}': act,
    'GET /sign-in/{handle}/ways': showWays,
    'GET /sign-in/{handle}/recoveries': showRecoveries,
  },
  outOfOrder,
);
