/** `POST /v1/users/{userId}/backup-codes`: generates a batch of codes and shows it this once. */
import { createHash } from 'node:crypto';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { generateBody } from '../../shared/http/backup-codes.ts';
import { operatorFrom, operatorReference } from '../../shared/http/operator.ts';
import { json, problem, retryIn } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { timestamp } from '../../shared/http/timestamp.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const generate = route(
  { path: userPath, body: generateBody },
  async ({ path: { userId }, body, caller, idempotency }, ports: Ports) => {
    const { client } = caller;
    const { kind, expiresInSeconds, ticket } = body;
    const operator = operatorFrom(caller, body, ports);
    if (kind === 'static' && expiresInSeconds !== undefined) {
      throw invalid([{ pointer: '/expiresInSeconds', detail: 'Leave it out: static codes do not expire.' }]);
    }
    const request = idempotency?.key ?? newRequestId();
    const person = await findPerson(userId, ports);
    const outcome = await generateCodes({ person, ...body, operator, client, request }, ports);
    const user = person.key;
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
          operator: operatorReference(operator, ports),
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
      case 'above-policy': {
        const { field, most } = outcome;
        throw invalid([{ pointer: `/${field}`, detail: `The policy (backupCodes) allows ${most} at most.` }]);
      }
      case 'own-account':
        return problem('forbidden', { detail: 'An operator cannot generate codes for their own account.' });
      case 'conflict':
      case 'not-found':
      case 'fallback-disabled':
        return problem(outcome.kind);
    }
  },
);
