/** oidc: discovery, pushed requests and tokens of the OpenID Provider, for the clients that the stage names. */

import { type Answer, everyAnswer, json } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import { type WebRoute, web } from '../../shared/lambda/web.ts';
import { discoveryDocument } from './discovery.ts';
import { connect, type Ports } from './ports.ts';

/** Entra asks for the length, so no gateway may leave it out. */
const discovery: WebRoute<Ports> = async (_event, { issuer }) => {
  const body = JSON.stringify(discoveryDocument(issuer));
  const headers = {
    ...everyAnswer,
    'cache-control': 'public, max-age=300',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  };
  return { statusCode: 200, headers, body };
};

/** The library is loaded for its own two endpoints alone, while discovery answers without it. */
const byProvider: WebRoute<Ports> = async (event, ports) => (await ports.provider()).answer(event);

function unavailable({ routeKey }: WebEvent): Answer {
  const description =
    routeKey === 'POST /oidc/token'
      ? 'No token was made. Send the same request again; if its code is refused then, begin a new sign-in.'
      : 'Nothing was accepted. Send the same request again.';
  const answer = json(503, { error: 'temporarily_unavailable', error_description: description });
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
}

export const handler = web(
  'oidc',
  connect,
  {
    'GET /.well-known/openid-configuration': discovery,
    'POST /oidc/par': byProvider,
    'POST /oidc/token': byProvider,
  },
  unavailable,
);
