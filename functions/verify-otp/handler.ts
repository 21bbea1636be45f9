/** verify-otp: spends an attempt on a typed code, one-time or backup, and asserts a right one to its client. */

import { environmentOf } from '../../shared/configuration.ts';
import { type BackupCodePorts, useCode } from '../../shared/domain/backup-codes.ts';
import { unrepeatable } from '../../shared/domain/idempotency.ts';
import { locatorOf } from '../../shared/domain/user-id.ts';
import { verifyCode } from '../../shared/domain/verify-otp.ts';
import { api, route } from '../../shared/http/api.ts';
import { useCodeBody } from '../../shared/http/backup-codes.ts';
import { challengePath, verifyBody } from '../../shared/http/otp-challenges.ts';
import { type Answer, json, problem, secondsUntil } from '../../shared/http/problem.ts';
import { kmsClient } from '../../shared/keys.ts';
import { lateNoticeQueue } from '../../shared/late-notices.ts';
import { log } from '../../shared/log.ts';
import { corePorts } from '../../shared/runtime.ts';
import { type AssertionPorts, assertionPorts, verificationBody } from '../../shared/verification.ts';

interface Ports extends BackupCodePorts, AssertionPorts {
  readonly clientIdClaim: string;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('verify-otp');
  const kms = kmsClient();
  return {
    ...(await corePorts(environment, kms)),
    ...assertionPorts(kms, environment),
    notices: lateNoticeQueue(environment.NOTICE_QUEUE_URL),
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
      case 'verified': {
        const { userId, user, purpose, method, at } = outcome;
        const verified = { id: challengeId, userId, client, purpose, authenticator: method, at };
        const body = await verificationBody(verified, ports);
        log('code-verified', { user, client, challenge: challengeId, method, purpose });
        return json(200, body);
      }
      case 'code-rejected':
        return problem('code-rejected', { attemptsRemaining: outcome.attemptsRemaining });
      case 'attempts-exhausted':
        return exhausted(outcome.retryAt, ports);
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

const useBackupCode = route(
  { body: useCodeBody },
  async ({ body: { userId, code }, caller: { client }, idempotency }, ports: Ports) => {
    const user = locatorOf(userId);
    const request = idempotency?.key ?? unrepeatable();
    const outcome = await useCode({ locator: user, code, request }, ports);
    if (outcome.kind !== 'verified') log('backup-code-refused', { user, client, reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { id, at, codeKind, remaining } = outcome;
        const purpose = 'sign-in';
        const verified = {
          id,
          userId: outcome.userId,
          client,
          purpose,
          authenticator: 'backup-code',
          at,
        } as const;
        const body = await verificationBody(verified, ports);
        log('backup-code-used', { user, client, kind: codeKind, remaining, purpose });
        return json(200, body);
      }
      case 'code-rejected':
        return problem('code-rejected', {
          detail: 'Check the code and try again. Each backup code works once.',
          attemptsRemaining: outcome.attemptsRemaining,
        });
      case 'attempts-exhausted':
        return exhausted(outcome.retryAt, ports);
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

function exhausted(retryAt: number | undefined, { clock }: Ports): Answer {
  const wait = retryAt === undefined ? {} : { retryAfterSeconds: secondsUntil(retryAt, clock.now()) };
  return problem('attempts-exhausted', wait);
}

export const handler = api(connect, {
  'POST /v1/otp-challenges/{challengeId}/verify': verify,
  'POST /v1/backup-codes/verify': useBackupCode,
});
