/** `PATCH /v1/users/{userId}`: changes what is given (RFC 7396); `null` removes, and `userId` renames. */
import { checkQuestions } from '../../shared/domain/enrolment/check-questions.ts';
import { changeUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { questionsToWrite } from '../../shared/domain/enrolment/questions-to-write.ts';
import { readPhone } from '../../shared/domain/enrolment/read-phone.ts';
import { json } from '../../shared/http/problem.ts';
import { questionError } from '../../shared/http/question-faults.ts';
import { invalid } from '../../shared/http/request.ts';
import { route } from '../../shared/http/route.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { enrolQuery, patchBody, userBody } from '../../shared/http/users.ts';
import { log } from '../../shared/log/log.ts';
import { refusalOf } from './faults.ts';
import type { Ports } from './ports.ts';

export const change = route(
  { path: userPath, query: enrolQuery, body: patchBody },
  async ({ path: { userId }, query, body, token: { client } }, ports: Ports) => {
    const dryRun = query.dryRun === 'true';
    const { phone: typed, enabled, securityQuestions: given, ...rest } = body;
    const phone = typed ? readPhone(typed, ports.policy, ports.voice) : undefined;
    const about = [userId, typed, ...Object.values(rest).flat()].filter((fact) => typeof fact === 'string');
    const { questions, faults } = checkQuestions(given ?? [], about, ports.policy, ports.questions);
    const errors = [
      ...(phone?.kind === 'refused' ? [{ pointer: '/phone', detail: phone.detail }] : []),
      ...(given ? faults.map(questionError) : []),
    ];
    if (errors.length > 0) throw invalid(errors);
    const replaced = given === undefined ? undefined : await questionsToWrite(userId, questions, ports);
    const fields = {
      ...rest,
      phone: phone?.kind === 'phone' ? phone.phone : typed === null ? null : undefined,
    };
    // `null` is the default: enabled, and not protected.
    const outcome = await changeUser(userId, fields, enabled === null ? true : enabled, ports, {
      questions: replaced,
      dryRun,
    });
    if (outcome.kind !== 'enrolled') return refusalOf(outcome);
    const { user, isProtectionTouched } = outcome;
    const who = { user: user.reference, client };
    if (!dryRun) log('user-enrolled', { ...who, created: false, methods: user.methods });
    if (!dryRun && isProtectionTouched) log('protected-person-changed', who);
    return json(200, userBody(user, false));
  },
);
