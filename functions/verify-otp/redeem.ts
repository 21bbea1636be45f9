/** `POST /v1/backup-codes/verify`: redeems a backup code, for a sign-in or as the step of a recovery. */
import { verifyBackupCode } from '../../shared/domain/backup-codes/verify-backup-code.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import { redeemBody } from '../../shared/http/backup-codes.ts';
import { attemptsExhausted, json, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { answerVerified } from '../../shared/http/verification.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const redeem = route(
  { body: redeemBody },
  async ({ body, token: { client }, idempotency }, ports: Ports) => {
    const { recoveryId } = body;
    const { outcome, user } = await verifyBackupCode({ ...body, client, idempotency }, ports);
    if (outcome.kind !== 'verified' && user !== undefined)
      log('backup-code-refused', { user, client, reason: outcome.kind });
    switch (outcome.kind) {
      case 'verified': {
        const { id, userId, name, at, codeKind, remaining } = outcome;
        const purpose = recoveryId === undefined ? 'sign-in' : 'recovery';
        const verified = { id, userId, name, client, purpose, authenticator: 'backup-code', at } as const;
        const answer = await answerVerified(verified, recoveryId, ports);
        if (answer === undefined) return problem('challenge-closed');
        log('backup-code-used', { user: outcome.user, client, kind: codeKind, remaining, purpose });
        return json(200, answer);
      }
      case 'code-rejected':
        // A loser of a race must not end the recovery that the winner is about to finish.
        if (outcome.attemptsRemaining === 0 && recoveryId && !outcome.wasRight)
          await failStep(recoveryId, undefined, ports);
        return problem('code-rejected', {
          detail: 'Check the code and try again. Each backup code works once.',
          attemptsRemaining: outcome.attemptsRemaining,
        });
      case 'attempts-exhausted':
        return attemptsExhausted(outcome, ports.clock);
      case 'challenge-closed':
      case 'conflict':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);
