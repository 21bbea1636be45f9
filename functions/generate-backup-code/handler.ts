/** generate-backup-code: makes, counts and revokes the backup codes of a user. */
import { createHash } from 'node:crypto';
import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { countCodes } from '../../shared/domain/backup-codes/count-codes.ts';
import { type GeneratePorts, generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { revokeCodes } from '../../shared/domain/backup-codes/revoke-codes.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { countsBody, generateBody } from '../../shared/http/backup-codes.ts';
import { json, noContent, problem, retryIn } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { timestamp } from '../../shared/http/timestamp.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { api } from '../../shared/lambda/api.ts';
import { log } from '../../shared/log/log.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';

interface Ports extends GeneratePorts {
  readonly clientIdClaim: string;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('generate-backup-code');
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    counters: rateLimiter(core.table),
    audit: codeAudit(core.table, core.clock),
    notices: lazyNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}

const generate = route(
  { path: userPath, body: generateBody },
  async ({ path: { userId }, body, caller: { client }, idempotency }, ports: Ports) => {
    const { kind, expiresInSeconds, operator, ticket } = body;
    if (kind === 'static' && expiresInSeconds !== undefined) {
      throw invalid([{ pointer: '/expiresInSeconds', detail: 'Leave it out: static codes do not expire.' }]);
    }
    const request = idempotency?.key ?? newRequestId();
    const outcome = await generateCodes({ userId, ...body, client, request }, ports);
    const user = locatorOf(userId);
    if (outcome.kind !== 'generated')
      log('backup-codes-refused', { user, client, kind, reason: outcome.kind });
    switch (outcome.kind) {
      case 'generated': {
        const { batch, codes, expiresAt } = outcome;
        log('backup-codes-generated', {
          user,
          client,
          kind,
          count: codes.length,
          batch,
          ...(operator === undefined ? {} : { operator: locatorOf(operator) }),
          ...(ticket === undefined
            ? {}
            : { ticket: createHash('sha256').update(ticket).digest('base64url') }),
        });
        return json(201, {
          kind,
          codes,
          ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
        });
      }
      case 'rate-limited':
        return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
      case 'not-offered':
        return problem('method-unavailable', {
          detail: 'The policy (securityCodes) does not allow codes of this kind.',
        });
      case 'own-account':
        return problem('forbidden', { detail: 'An operator cannot generate codes for their own account.' });
      case 'conflict':
      case 'not-found':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);

const count = route({ path: userPath }, async ({ path: { userId } }, ports: Ports) => {
  const counts = await countCodes(userId, ports);
  return counts ? json(200, countsBody(counts)) : problem('not-found');
});

const revoke = route({ path: userPath }, async ({ path: { userId }, caller: { client } }, ports: Ports) => {
  if ((await revokeCodes(userId, ports)) === 'not-found') return problem('not-found');
  log('backup-codes-revoked', { user: locatorOf(userId), client });
  return noContent();
});

export const handler = api(connect, {
  'POST /v1/users/{userId}/backup-codes': generate,
  'GET /v1/users/{userId}/backup-codes': count,
  'DELETE /v1/users/{userId}/backup-codes': revoke,
});
