/** policy: answers what this deployment offers, its public keys, its health, and every path that is unknown. */
import { backupCodeKinds } from '../../shared/domain/policy/backup-code-kinds.ts';
import { forbidsFallback } from '../../shared/domain/policy/fallback.ts';
import { offeredMethods } from '../../shared/domain/policy/methods.ts';
import { policyVersion } from '../../shared/domain/policy/policy-version.ts';
import { recoveryPaths } from '../../shared/domain/policy/recovery-paths.ts';
import { json, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { scopes } from '../../shared/http/routes.ts';
import { api } from '../../shared/lambda/api.ts';
import { connect, type Ports } from './ports.ts';

const read = route({}, async ({ token }, { policy, voice }: Ports) => {
  const { mode, mfaMethod, otp } = policy;
  const offered = forbidsFallback(policy) ? [] : offeredMethods(policy, voice);
  const offer = {
    mode,
    mfaMethod,
    methods: offered,
    recoveryPaths: recoveryPaths(policy),
    backupCodeKinds: backupCodeKinds(policy),
    codeLength: otp.digits,
    version: policyVersion(policy),
  };
  return json(200, token.scopes.includes(scopes.admin) ? { ...offer, policy } : offer);
});

const jwks = route({}, async (_request, { keys }: Ports) => {
  const answer = json(200, { keys: await keys() });
  return { ...answer, headers: { ...answer.headers, 'cache-control': 'public, max-age=300' } };
});

const health = route({}, async (_request, _ports: Ports) => json(200, { status: 'ok' }));

const unknown = route({}, async (_request, _ports: Ports) => problem('not-found'));

export const handler = api('policy', connect, {
  'GET /v1/policy': read,
  'GET /.well-known/jwks.json': jwks,
  'GET /v1/health': health,
  $default: unknown,
});
