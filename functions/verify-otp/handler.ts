/** verify-otp: spends an attempt on a typed code, one-time or backup, and asserts a right one to its client. */

import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { assertionPorts } from '../../shared/composition/assertion.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { recoveryPorts } from '../../shared/composition/recovery.ts';
import type { BackupCodePorts } from '../../shared/domain/backup-codes/code-selector.ts';
import { verifyBackupCode } from '../../shared/domain/backup-codes/verify-backup-code.ts';
import { nameForLog } from '../../shared/domain/identifiers/challenge-id.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { advanceRecovery } from '../../shared/domain/recovery/advance-recovery.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import type { RecoveryPorts } from '../../shared/domain/recovery/recovery.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { useCodeBody } from '../../shared/http/backup-codes.ts';
import { challengePath, verifyBody } from '../../shared/http/otp-challenges.ts';
import { json, problem, retryIn } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { type AssertionPorts, answerVerified } from '../../shared/http/verification.ts';
import { api } from '../../shared/lambda/api.ts';
import { tokenOf, type WorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { log } from '../../shared/log/log.ts';

interface Ports extends BackupCodePorts, AssertionPorts, RecoveryPorts {
  readonly clientIdClaim: string;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('verify-otp');
  const kms = kmsClient();
  const core = await corePorts(environment, kms);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    ...assertionPorts(kms, environment),
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}

const verify = route(
  { path: challengePath, body: verifyBody },
  async ({ path: { challengeId }, body: { code }, caller: { client }, idempotency }, ports: Ports) => {
    const request = idempotency?.key ?? newRequestId();
    const outcome = await verifyCode({ challengeId, client, code, request }, ports);
    if (outcome.kind !== 'verified')
      log('code-refused', { client, challenge: nameForLog(challengeId), reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { userId, user, purpose, method, recovery, at } = outcome;
        const verified = { id: challengeId, userId, client, purpose, authenticator: method, at };
        const body = await answerVerified(verified, recovery, ports);
        if (body === undefined) return problem('challenge-closed');
        log('code-verified', { user, client, challenge: challengeId, method, purpose });
        return json(200, body);
      }
      case 'code-rejected':
        if (outcome.attemptsRemaining === 0 && outcome.recovery !== undefined) {
          await failStep(outcome.recovery, challengeId, ports);
        }
        return problem('code-rejected', { attemptsRemaining: outcome.attemptsRemaining });
      case 'attempts-exhausted':
        return problem('attempts-exhausted', retryIn(outcome.retryAt, ports.clock));
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

const useBackupCode = route(
  { body: useCodeBody },
  async ({ body, caller: { client }, idempotency }, ports: Ports) => {
    const { recoveryId } = body;
    const { outcome, user } = await verifyBackupCode({ ...body, client, idempotency }, ports);
    if (outcome.kind !== 'verified' && user !== undefined)
      log('backup-code-refused', { user, client, reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { id, userId, at, codeKind, remaining } = outcome;
        const purpose = recoveryId === undefined ? 'sign-in' : 'recovery';
        const verified = { id, userId, client, purpose, authenticator: 'backup-code', at } as const;
        const answer = await answerVerified(verified, recoveryId, ports);
        if (answer === undefined) return problem('challenge-closed');
        log('backup-code-used', { user: outcome.user, client, kind: codeKind, remaining, purpose });
        return json(200, answer);
      }
      case 'code-rejected':
        // Not by the losers of a race: they would end the recovery that the winner is about to finish.
        if (outcome.attemptsRemaining === 0 && recoveryId && !outcome.wasRight)
          await failStep(recoveryId, undefined, ports);
        return problem('code-rejected', {
          detail: 'Check the code and try again. Each backup code works once.',
          attemptsRemaining: outcome.attemptsRemaining,
        });
      case 'attempts-exhausted':
        return problem('attempts-exhausted', retryIn(outcome.retryAt, ports.clock));
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

/** The step of a recovery that waits for a backup code. */
async function askBackupCode(event: WorkflowTask, ports: Ports): Promise<object> {
  const { recoveryId: recovery } = event;
  const found = await advanceRecovery(
    recovery,
    { step: { type: 'backup-code', token: tokenOf(event) } },
    ports,
  );
  if (found === undefined) throw new Error('the recovery is not there');
  const { userId, client } = found;
  log('recovery-step-opened', { user: locatorOf(userId), client, recovery, step: 'backup-code' });
  return {};
}

export const handler = api(
  connect,
  {
    'POST /v1/otp-challenges/{challengeId}/verify': verify,
    'POST /v1/backup-codes/verify': useBackupCode,
  },
  { 'ask-backup-code': askBackupCode },
);
