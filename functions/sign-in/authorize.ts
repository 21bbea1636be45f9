/** `GET /oidc/authorize`: opens the session of a pushed request, and again for the browser that opened it. */
import type { PushedRefusal } from '../../shared/domain/sign-in-session/authorization.ts';
import { fieldOf, queryOf } from '../../shared/http/web-request.ts';
import type { WebRoute } from '../../shared/lambda/web.ts';
import { log } from '../../shared/log/log.ts';
import { languageOf, plainPage } from './answer.ts';
import { openSession, reopened } from './open-session.ts';
import type { Ports } from './ports.ts';

const urn = 'urn:ietf:params:oauth:request_uri:';

export const authorize: WebRoute<Ports> = async (event, ports) => {
  const { authorizations, clock } = ports;
  // Nobody says here where an answer could go, so none goes anywhere.
  const refused = (why: PushedRefusal) => {
    log('pushed-request-refused', { reason: why });
    return plainPage({ page: 'error', reason: 'unknown-request' }, event, clock.now());
  };
  const query = queryOf(event);
  const uri = fieldOf(query, 'request_uri') ?? '';
  const id = uri.startsWith(urn) ? uri.slice(urn.length) : '';
  if (!/^[\w-]{16,128}$/.test(id)) return refused('not-pushed');
  const request = `pushed request ${id}`;
  const pushed = await authorizations.pushed(id);
  if (pushed === undefined) return refused('not-pushed');
  if (pushed.clientId !== fieldOf(query, 'client_id')) return refused('other-client');
  const again = await reopened(request, event, ports);
  if (again !== undefined) return again === 'used' ? refused('used') : again;
  if (pushed.expiresAt <= clock.now()) return refused('expired');
  const { clientId, redirectUri, state, nonce, codeChallenge, acrValues, person, languages } = pushed;
  const opened = await openSession(
    {
      request,
      return: { kind: 'redirect', clientId, redirectUri, state, nonce, codeChallenge, acrValues },
      person,
      language: languageOf(event, languages),
    },
    event,
    ports,
  );
  return opened === 'used' ? refused('used') : opened;
};
