/** users: enrols, reads, lists, removes and unlocks the people who may use the fallback. */

import { kmsClient } from '../../shared/aws/kms.ts';
import { lazyNoticeQueue } from '../../shared/aws/lazy-sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import type { CodeAudit } from '../../shared/domain/backup-codes/code-audit.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import type { EnrolmentPorts } from '../../shared/domain/enrolment/enrolment-ports.ts';
import { listUsers, readUser } from '../../shared/domain/enrolment/read-users.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { locatorOf } from '../../shared/domain/identifiers/user-id.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { type InputError, json, noContent, problem } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { scopes } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { enrolBody, listQuery, sameInbox, unlockBody, userBody } from '../../shared/http/users.ts';
import { api } from '../../shared/lambda/api.ts';
import { log } from '../../shared/log/log.ts';
import { type SecurityQuestionTexts, securityQuestionTexts } from '../../shared/messages/question-texts.ts';
import { codeAudit } from '../../shared/store/code-audit.ts';
import { readPhone } from './phone.ts';
import { hashed, questionErrors, toQuestion } from './security-questions.ts';

interface Ports extends EnrolmentPorts {
  readonly audit: CodeAudit;
  readonly clientIdClaim: string;
  readonly questions: SecurityQuestionTexts;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('users');
  const notices = lazyNoticeQueue(environment.NOTICE_QUEUE_URL);
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    audit: codeAudit(core.table, core.clock),
    notices,
    clientIdClaim: environment.CLIENT_ID_CLAIM,
    questions: securityQuestionTexts(environment),
  };
}

const enrol = route(
  { path: userPath, body: enrolBody },
  async ({ path: { userId }, body, caller }, ports: Ports) => {
    const { phone: typed, enabled = true, securityQuestions, ...rest } = body;
    const phone = typed === undefined ? undefined : readPhone(typed, ports.policy);
    const errors: InputError[] = [];
    if (phone?.kind === 'refused') errors.push({ pointer: '/phone', detail: phone.detail });
    if (
      body.email !== undefined &&
      body.alternateEmail !== undefined &&
      sameInbox(body.email, body.alternateEmail)
    ) {
      const detail = 'Use another inbox than that of email: a factor cannot be recovered with itself.';
      errors.push({ pointer: '/alternateEmail', detail });
    }
    const questions = securityQuestions?.map(toQuestion(ports.questions));
    errors.push(...questionErrors(questions, { userId, ...rest, phone: typed }, ports.policy));
    if (errors.length > 0) throw invalid(errors);
    const contact = { userId, ...rest, phone: phone?.kind === 'phone' ? phone.phone : undefined };
    const { created, user } = await enrolUser(contact, enabled, ports, await hashed(questions, ports));
    log('user-enrolled', { user: user.reference, client: caller.client, created, methods: user.methods });
    return json(created ? 201 : 200, userBody(user, false));
  },
);

const read = route({ path: userPath }, async ({ path, caller }, ports: Ports) => {
  const user = await readUser(path.userId, ports);
  return user ? json(200, userBody(user, !caller.scopes.includes(scopes.admin))) : problem('not-found');
});

const list = route({ query: listQuery }, async ({ query: { limit = 50, cursor } }, ports: Ports) => {
  const page = await listUsers(limit, cursor, ports);
  if (page === undefined)
    throw invalid([{ pointer: '/query/cursor', detail: 'Use a cursor that a page gave.' }]);
  return json(200, page);
});

const remove = route({ path: userPath }, async ({ path: { userId }, caller: { client } }, ports: Ports) => {
  if ((await removeUser(userId, ports)) === 'not-found') return problem('not-found');
  log('user-removed', { user: locatorOf(userId), client });
  return noContent();
});

const unlock = route(
  { path: userPath, body: unlockBody },
  async ({ path: { userId }, caller, idempotency }, ports: Ports) => {
    const { client } = caller;
    if ((await unlockUser(userId, idempotency?.key, ports)) === 'not-found') return problem('not-found');
    log('user-unlocked', { user: locatorOf(userId), client });
    return noContent();
  },
);

export const handler = api(connect, {
  'PUT /v1/users/{userId}': enrol,
  'GET /v1/users/{userId}': read,
  'GET /v1/users': list,
  'DELETE /v1/users/{userId}': remove,
  'POST /v1/users/{userId}/unlock': unlock,
});
