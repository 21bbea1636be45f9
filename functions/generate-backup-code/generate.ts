/** `POST /v1/users/{userId}/backup-codes`: generates a batch of codes and shows it this once. */
import { type GenerateOutcome, generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { operatorReference } from '../../shared/domain/help-desk/operator.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { isClosed } from '../../shared/domain/restrictions/restrictions.ts';
import type { CodeKind } from '../../shared/domain/user-record/code-batch.ts';
import { actRefused } from '../../shared/http/act-refusal.ts';
import { generateBody } from '../../shared/http/backup-codes.ts';
import { operatorFrom, ticketForLog } from '../../shared/http/operator.ts';
import { type Answer, json, nobody, problem, retryIn } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { isAdministrator } from '../../shared/http/routes.ts';
import { timestamp } from '../../shared/http/timestamp.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { type AtHelpDesk, log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const generate = route(
  { path: userPath, body: generateBody },
  async ({ path: { userId }, body, token, idempotency }, ports: Ports) => {
    const { client } = token;
    const operator = operatorFrom(token, body, ports);
    if (body.kind === 'static' && body.expiresInSeconds !== undefined) {
      throw invalid([{ pointer: '/expiresInSeconds', detail: 'Leave it out: static codes do not expire.' }]);
    }
    const request = idempotency?.key ?? newRequestId();
    const isClosedNow = isClosed(await ports.restrictions.read(), 'helpDeskCodes', ports.clock.now());
    const person = await findPerson(userId, ports);
    const asked = { ...body, person, operator, isAdministrator: isAdministrator(token), client, request };
    const outcome: Outcome = isClosedNow ? { kind: 'closed' } : await generateCodes(asked, ports);
    logOutcome(outcome, {
      user: person.key,
      client,
      operator: operatorReference(operator, ports),
      kind: body.kind,
      ...ticketForLog(body),
    });
    return answer(outcome, body.kind, ports.clock);
  },
);

/** What became of a request; `closed` where a restriction forbids codes of the help desk. */
type Outcome = GenerateOutcome | { readonly kind: 'closed' };

interface Asked extends AtHelpDesk {
  readonly kind: CodeKind;
}

function logOutcome(outcome: Outcome, asked: Asked): void {
  if (outcome.kind === 'generated') {
    log('backup-codes-generated', { ...asked, count: outcome.codes.length, batch: outcome.batch });
    return;
  }
  const reason = outcome.kind === 'closed' ? 'fallback-disabled' : outcome.kind;
  log('backup-codes-refused', { ...asked, reason });
}

function answer(outcome: Outcome, kind: CodeKind, clock: Clock): Answer {
  switch (outcome.kind) {
    case 'generated': {
      const { codes, areShown, expiresAt } = outcome;
      return json(201, {
        kind,
        ...(areShown ? { codes } : {}),
        ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
      });
    }
    case 'rate-limited':
      return problem('rate-limited', retryIn(outcome.retryAt, clock));
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
    case 'closed':
      return problem('fallback-disabled', {
        detail: 'The codes of the help desk are closed, by a restriction. An administrator opens them.',
      });
    case 'fallback-disabled':
    case 'conflict':
      return problem(outcome.kind);
    case 'proof-required':
    case 'own-approval':
    case 'protected':
      return actRefused(outcome);
  }
}
