/** sign-in: the pages that people see: the OpenID Provider’s, and the one behind the link in notices. */

import type { Answer } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import { web } from '../../shared/lambda/web.ts';
import { act } from './act.ts';
import { plainPage } from './answer.ts';
import { authorize } from './authorize.ts';
import { authorizeEntra } from './authorize-entra.ts';
import { askNotMe, notMePage, stopByPerson } from './not-me.ts';
import { connect } from './ports.ts';
import { show, showRecoveries, showWays } from './show.ts';

/** A fault before anything was accepted: the same request may be sent again. */
const outOfOrder = (event: WebEvent): Answer =>
  event.routeKey.endsWith('/not-me/{token}')
    ? notMePage({ page: 'not-me-unavailable' }, event)
    : plainPage({ page: 'out-of-order' }, event, Date.now());

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
    'GET /not-me/{token}': askNotMe,
    'POST /not-me/{token}': stopByPerson,
  },
  outOfOrder,
);
