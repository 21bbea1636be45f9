/** `POST /v1/users/{userId}/backup-codes`: generates a batch of codes and shows it this once. */
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { isClosed } from '../../shared/domain/restrictions/restrictions.ts';
import { actRefused } from '../../shared/http/act-refusal.ts';
import { generateBody } from '../../shared/http/backup-codes.ts';
import { operatorFrom, operatorReference, ticketForLog } from '../../shared/http/operator.ts';
import { json, nobody, problem, retryIn } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { isAdministrator } from '../../shared/http/routes.ts';
import { timestamp } from '../../shared/http/timestamp.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

const closed = {
  detail: 'The codes of the help desk are closed, by a restriction. An administrator opens them.',
};

export const generate = route(
  { path: userPath, body: generateBody },
  async ({ path: { userId }, body, caller, idempotency }, ports: Ports) => {
    const { client } = caller;
    const { kind, expiresInSeconds } = body;
    const operator = operatorFrom(caller, body, ports);
    if (kind === 'static' && expiresInSeconds !== undefined) {
      throw invalid([{ pointer: '/expiresInSeconds', detail: 'Leave it out: static codes do not expire.' }]);
    }
    const request = idempotency?.key ?? newRequestId();
    const isClosedNow = isClosed(await ports.restrictions.read(), 'helpDeskCodes', ports.clock.now());
    const person = await findPerson(userId, ports);
    const asked = { ...body, person, operator, isAdministrator: isAdministrator(caller), client, request };
    const outcome = isClosedNow
      ? ({ kind: 'fallback-disabled' } as const)
      : await generateCodes(asked, ports);
    const user = person.key;
    if (outcome.kind !== 'generated')
      log('backup-codes-refused', {
        user,
        client,
        operator: operatorReference(operator, ports),
        kind,
        reason: outcome.kind,
        ...ticketForLog(body),
      });
    switch (outcome.kind) {
      case 'generated': {
        const { batch, codes, areShown, expiresAt } = outcome;
        log('backup-codes-generated', {
          user,
          client,
          kind,
          count: codes.length,
          batch,
          operator: operatorReference(operator, ports),
          ...ticketForLog(body),
        });
        return json(201, {
          kind,
          ...(areShown ? { codes } : {}),
          ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
        });
      }
      case 'rate-limited':
        return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
      case 'not-offered':
        return problem('method-unavailable', {
          detail: 'The policy (securityCodes) does not allow codes of this kind.',
        });
      case 'no-address':
        return problem('method-unavailable', {
          detail: 'The codes go to the person by email (helpDesk.showCodes), who has none.',
        });
      case 'above-policy': {
        const { field, most } = outcome;
        throw invalid([{ pointer: `/${field}`, detail: `The policy (backupCodes) allows ${most} at most.` }]);
      }
      case 'own-account':
        return problem('forbidden', { detail: 'An operator cannot generate codes for their own account.' });
      case 'not-found':
        return nobody();
      case 'fallback-disabled':
        return problem(outcome.kind, isClosedNow ? closed : {});
      case 'conflict':
        return problem(outcome.kind);
      case 'proof-required':
      case 'own-approval':
      case 'protected':
        return actRefused(outcome);
    }
  },
);
