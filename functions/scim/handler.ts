/** scim: takes people from an organisation's directory (RFC 7643, RFC 7644), one connection for each bearer token. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Answer } from '../../shared/http/problem.ts';
import { door } from '../../shared/lambda/door.ts';
import { log } from '../../shared/log/log.ts';
import { authenticate } from './authenticate.ts';
import { connect, type Ports } from './ports.ts';
import { handleFor } from './routes.ts';
import { answerOf, errorAnswer } from './scim-error.ts';

async function answer(event: APIGatewayProxyEventV2, portsOf: () => Promise<Ports>): Promise<Answer> {
  const answered = await answerWithBody(event, await portsOf()).catch((error: unknown) => {
    const refused = answerOf(error);
    if (refused === undefined) throw error;
    return refused;
  });
  return event.routeKey.startsWith('HEAD ') ? { ...answered, body: '' } : answered;
}

async function answerWithBody(event: APIGatewayProxyEventV2, ports: Ports): Promise<Answer> {
  const connection = await authenticate(event, ports);
  if (connection === 'unknown' || connection === 'forbidden') {
    log('directory-refused', { route: event.routeKey });
    return connection === 'unknown'
      ? errorAnswer(401, undefined, 'The bearer token is that of no connection.')
      : errorAnswer(403, undefined, 'The access token lacks mfa/admin, or its client has no connection.');
  }
  const handle = handleFor(event.routeKey);
  if (handle === undefined) return errorAnswer(404, undefined, 'There is no such resource.');
  return handle(event, { connection, ports, base: baseOf(event) });
}

/** As the directory reached it: `npm start` has no https. */
function baseOf({ headers, requestContext }: APIGatewayProxyEventV2): string {
  const host = headers['host'] ?? requestContext.domainName;
  const isLocal = /^(?:127\.0\.0\.1|localhost)(?::|$)/.test(host);
  return `${isLocal ? 'http' : 'https'}://${host}/scim/v2`;
}

export const handler = door({
  connect,
  answer,
  failed: () => errorAnswer(503, undefined, 'A dependency failed. Nothing was accepted; send it again.'),
});
