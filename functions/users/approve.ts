/** `POST /v1/users/{userId}/approvals`: an operator approves what another one is about to do. */
import { giveApproval } from '../../shared/domain/help-desk/give-approval.ts';
import { operatorReference } from '../../shared/domain/help-desk/operator.ts';
import { newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { approvalBody } from '../../shared/http/help-desk.ts';
import { operatorFrom, ticketForLog } from '../../shared/http/operator.ts';
import { json, nobody, problem, retryIn } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { isAdministrator } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { log } from '../../shared/log/log.ts';
import type { Ports } from './ports.ts';

export const approve = route(
  { path: userPath, body: approvalBody },
  async ({ path: { userId }, body, token, idempotency }, ports: Ports) => {
    const { client } = token;
    const { for: act } = body;
    const name = operatorFrom(token, body, ports);
    const person = await findPerson(userId, ports);
    const request = idempotency?.key ?? newRequestId();
    const operator = { name, client, isAdministrator: isAdministrator(token) };
    const outcome = await giveApproval({ person, operator, act, request }, ports);
    const who = {
      user: person.key,
      client,
      operator: operatorReference(name, ports),
      act,
      ...ticketForLog(body),
    };
    if (outcome.kind === 'approved') {
      log('approval-given', who);
      return json(201, { proof: outcome.proof });
    }
    log('approval-refused', { ...who, reason: outcome.kind });
    switch (outcome.kind) {
      case 'not-found':
        return nobody();
      case 'own-account':
        return problem('forbidden', {
          detail: 'An operator cannot approve of anything for their own account.',
        });
      case 'no-approvals':
        return problem('forbidden', {
          detail:
            'Approvals need tokens that name their operator (tokens.operatorClaim): one client could write two names.',
        });
      case 'rate-limited':
        return problem('rate-limited', retryIn(outcome.retryAt, ports.clock));
    }
  },
);
