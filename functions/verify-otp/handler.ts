/** verify-otp: spends an attempt on a typed code and, when it is right, asserts that to the client that asked. */

import { environmentOf, keyVersions } from '../../shared/configuration.ts';
import { assertionFor, contextOf, methodsOf, type Signer } from '../../shared/domain/assertion.ts';
import { unrepeatable } from '../../shared/domain/idempotency.ts';
import { type VerifiedChallenge, type VerifyPorts, verifyCode } from '../../shared/domain/verify-otp.ts';
import { api, route } from '../../shared/http/api.ts';
import { challengePath, timestamp, verifyBody } from '../../shared/http/otp-challenges.ts';
import { json, problem, secondsUntil } from '../../shared/http/problem.ts';
import { assertionSigner, kmsClient } from '../../shared/keys.ts';
import { log } from '../../shared/log.ts';
import { corePorts } from '../../shared/runtime.ts';

interface Ports extends VerifyPorts {
  readonly signer: Signer;
  readonly issuer: string;
  readonly clientIdClaim: string;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('verify-otp');
  const kms = kmsClient();
  return {
    ...(await corePorts(environment, kms)),
    signer: assertionSigner(kms, keyVersions(environment.SIGNING_KEYS)),
    issuer: environment.ASSERTION_ISSUER,
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}

const verify = route(
  { path: challengePath, body: verifyBody },
  async ({ path: { challengeId }, body: { code }, caller: { client }, idempotency }, ports: Ports) => {
    const request = idempotency?.key ?? unrepeatable();
    const outcome = await verifyCode({ challengeId, client, code, request }, ports);
    if (outcome.kind !== 'verified')
      log('code-refused', { client, challenge: challengeId, reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified':
        return json(200, await verification(outcome, client, ports));
      case 'code-rejected':
        return problem('code-rejected', { attemptsRemaining: outcome.attemptsRemaining });
      case 'attempts-exhausted': {
        const { retryAt } = outcome;
        const wait =
          retryAt === undefined ? {} : { retryAfterSeconds: secondsUntil(retryAt, ports.clock.now()) };
        return problem('attempts-exhausted', wait);
      }
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

async function verification(verified: VerifiedChallenge, client: string, { issuer, signer, keyring }: Ports) {
  const { challengeId, userId, purpose, method, at, user } = verified;
  const subject = { id: challengeId, userId, client, purpose, authenticator: method, at };
  const assertion = await assertionFor(subject, issuer, signer, keyring);
  log('code-verified', { user, client, challenge: challengeId, method, purpose });
  const verifiedAt = timestamp(at);
  return {
    verified: true,
    userId,
    purpose,
    method,
    amr: methodsOf(method),
    acr: contextOf(method),
    verifiedAt,
    assertion,
  };
}

export const handler = api(connect, { 'POST /v1/otp-challenges/{challengeId}/verify': verify });
