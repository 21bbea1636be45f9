/** `PUT /v1/users/{userId}`: enrols a user or replaces what is enrolled. */
import { sameInbox } from '../../shared/domain/contact/same-inbox.ts';
import { checkQuestions } from '../../shared/domain/enrolment/check-questions.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { questionsToWrite } from '../../shared/domain/enrolment/questions-to-write.ts';
import { readPhone } from '../../shared/domain/enrolment/read-phone.ts';
import { json } from '../../shared/http/problem.ts';
import { questionError } from '../../shared/http/question-faults.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { enrolBody, enrolQuery, userBody } from '../../shared/http/users.ts';
import { log } from '../../shared/log/log.ts';
import { refusalOf, sameAsEmail } from './faults.ts';
import type { Ports } from './ports.ts';

export const enrol = route(
  { path: userPath, query: enrolQuery, body: enrolBody },
  async ({ path: { userId }, query, body, token: { client } }, ports: Ports) => {
    const { phone: typed, enabled = true, protected: isProtected, securityQuestions, ...rest } = body;
    const dryRun = query.dryRun === 'true';
    const { email = '', alternateEmail } = body;
    const phone = typed === undefined ? undefined : readPhone(typed, ports.policy, ports.voice);
    const about = [userId, typed, ...Object.values(rest).flat()].filter((fact) => fact !== undefined);
    const { questions, faults } = checkQuestions(
      securityQuestions ?? [],
      about,
      ports.policy,
      ports.questions,
    );
    const errors = [
      ...(phone?.kind === 'refused' ? [{ pointer: '/phone', detail: phone.detail }] : []),
      ...(alternateEmail !== undefined && sameInbox(email, alternateEmail) ? [sameAsEmail] : []),
      ...faults.map(questionError),
    ];
    if (errors.length > 0) throw invalid(errors);
    const contact = {
      userId,
      ...rest,
      protected: isProtected,
      phone: phone?.kind === 'phone' ? phone.phone : undefined,
    };
    const enrolled = await questionsToWrite(userId, securityQuestions && questions, ports);
    const outcome = await enrolUser(contact, enabled, ports, enrolled, dryRun);
    if (outcome.kind !== 'enrolled') return refusalOf(outcome);
    const { created, user, isProtectionTouched } = outcome;
    const who = { user: user.reference, client };
    if (!dryRun) log('user-enrolled', { ...who, created, methods: user.methods });
    if (!dryRun && isProtectionTouched) log('protected-person-changed', who);
    return json(created ? 201 : 200, userBody(user, false));
  },
);
