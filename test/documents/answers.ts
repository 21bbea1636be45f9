/** Real answers of every route, successes and problems, gathered from a started stack. */
import type { RouteKey } from '../../shared/http/routes.ts';
import { caller, codeSentTo, enrol, until, wrong } from '../e2e/people.ts';
import type { RequestOptions, Stack, StackAnswer } from '../stack.ts';

export interface Seen {
  readonly key: RouteKey;
  readonly answer: StackAnswer;
}

const securityQuestions = [
  { questionId: 'first-teacher', answer: 'Ms Quillfeather' },
  { questionId: 'childhood-street', answer: 'Larkspur Lane' },
  { questionId: 'first-concert', answer: 'The Tin Whistles' },
];

const why = { operator: 'olga', reason: 'lost the phone' };

export async function everyAnswer(stack: Stack): Promise<Seen[]> {
  const seen: Seen[] = [];
  /** `parameter` stands in the place of the path's one parameter. */
  const ask = async (key: RouteKey, parameter = '', options: RequestOptions = {}): Promise<StackAnswer> => {
    const [method, path] = key.split(' ') as [string, string];
    const answer = await stack.request(
      method,
      path.replace(/\{\w+\}/, encodeURIComponent(parameter)),
      options,
    );
    seen.push({ key, answer });
    return answer;
  };
  const signin = await stack.token('credential-provider');
  const admin = await stack.token('admin');
  const helpdesk = await stack.token('helpdesk');
  const api = caller(stack);

  await ask('GET /v1/health');
  await ask('GET /.well-known/jwks.json');
  await ask('GET /v1/policy', '', { token: signin });
  await ask('GET /v1/policy', '', { token: admin });
  await ask('GET /v1/policy');

  const { userId, phone, email } = await enrol(stack, { securityQuestions });
  const contact = { phone, email, displayName: 'A Person', locale: 'de' };
  const somebody = { email: 'new@example.com', securityQuestions };
  await ask('PUT /v1/users/{userId}', 'somebody-new', { token: admin, body: somebody });
  await ask('PUT /v1/users/{userId}', userId, { token: admin, body: contact });
  await ask('PUT /v1/users/{userId}', userId, { token: admin, body: { phone: '555', unknown: 1 } });
  await ask('PATCH /v1/users/{userId}', userId, { token: admin, body: { displayName: 'Some Body' } });
  await ask('GET /v1/users/{userId}', userId, { token: admin });
  await ask('GET /v1/users/{userId}', userId, { token: helpdesk });
  await ask('GET /v1/users/{userId}', 'nobody', { token: helpdesk });
  await ask('GET /v1/users/{userId}', userId, { token: signin });
  await ask('GET /v1/users', '', { token: admin });
  await ask('GET /v1/readiness', '', { token: admin });
  await ask('POST /v1/users/{userId}/unlock', userId, { token: helpdesk, body: why });
  const asking = 'POST /v1/users/{userId}/caller-verifications';
  const readOut = 'POST /v1/caller-verifications/{callerVerificationId}/verify';
  const verification = (await ask(asking, userId, { token: helpdesk, body: { operator: 'olga' } })).body;
  await ask(asking, 'nobody', { token: helpdesk, body: { operator: 'olga' } });
  await ask(asking, userId, { token: helpdesk, body: { operator: userId } });
  const callerCode = await codeSentTo(stack, email);
  const byId = verification.callerVerificationId as string;
  await ask(readOut, byId, { token: helpdesk, body: { code: wrong(callerCode) } });
  await ask(readOut, byId, { token: helpdesk, body: { code: callerCode } });
  await ask(readOut, 'unknown', { token: helpdesk, body: { code: callerCode } });
  const approving = 'POST /v1/users/{userId}/approvals';
  await ask(approving, userId, { token: helpdesk, body: { ...why, for: 'unlock' } });
  await ask(approving, userId, { token: helpdesk, body: { ...why, for: 'everything' } });
  await ask(approving, userId, { token: helpdesk, body: { ...why, operator: userId, for: 'unlock' } });
  await ask('PUT /v1/restrictions', '', { token: admin, body: { ...why, helpDeskCodes: 'open' } });
  await ask('PUT /v1/restrictions', '', { token: admin, body: why });
  await ask('GET /v1/restrictions', '', { token: admin });
  await ask('GET /v1/users/{userId}/deliveries', userId, { token: helpdesk });
  await ask('GET /v1/users/{userId}/deliveries', 'nobody', { token: helpdesk });
  await ask('GET /v1/users/{userId}/explanation', userId, { token: helpdesk });
  await ask('GET /v1/users/{userId}/explanation', 'nobody', { token: helpdesk });
  await ask('POST /v1/users/{userId}/unlock', userId, {
    token: helpdesk,
    body: { ...why, operator: userId },
  });

  const start = 'POST /v1/otp-challenges';
  const verify = 'POST /v1/otp-challenges/{challengeId}/verify';
  const resend = 'POST /v1/otp-challenges/{challengeId}/resend';
  const status = 'GET /v1/otp-challenges/{challengeId}';
  const body = { userId, method: 'SMS' };
  const headers = { 'idempotency-key': 'a-key' };
  const { challengeId } = (await ask(start, '', { token: signin, body, headers })).body;
  await ask(start, '', { token: signin, body: { userId, method: 'Email' }, headers });
  await ask(start, '', { token: signin, body: 'x'.repeat(17_000) });
  await ask(start, '', { token: signin, body: 'x', headers: { 'content-type': 'text/plain' } });
  const first = await codeSentTo(stack, phone);
  await stack.advance(3);
  // The fault is for a caller: the worker is done.
  await until(
    () => api.status(challengeId),
    ({ body: { delivery } }) => delivery === 'sent',
  );
  await stack.fault('dynamodb', 'error', 9);
  await ask(start, '', { token: signin, body });
  await stack.clearFaults();
  await ask(status, challengeId, { token: signin });
  await ask(resend, challengeId, { token: signin });
  await ask(verify, challengeId, { token: signin, body: { code: wrong(first) } });
  await stack.advance(31);
  await ask(resend, challengeId, { token: signin });
  const second = await codeSentTo(stack, phone, 2);
  await ask(verify, challengeId, { token: signin, body: { code: second } });
  await ask(verify, challengeId, { token: signin, body: { code: second } });
  await ask(status, challengeId, { token: signin });
  await ask(status, 'unknown', { token: signin });

  const exhausted = (await api.start(userId, { method: 'Email' })).body.challengeId;
  const code = await codeSentTo(stack, email);
  for (let attempt = 0; attempt < 5; attempt += 1) await api.verify(exhausted, wrong(code));
  await ask(verify, exhausted, { token: signin, body: { code } });

  const asked = (await ask('POST /v1/kba-challenges', '', { token: signin, body: { userId } })).body;
  const answers = asked.questions.map(({ questionId }: { questionId: string }) => ({
    questionId,
    answer: securityQuestions.find((one) => one.questionId === questionId)?.answer,
  }));
  const check = 'POST /v1/kba-challenges/{challengeId}/check';
  await ask(check, asked.challengeId, { token: signin, body: { answers: answers.slice(1) } });
  await ask(check, asked.challengeId, { token: signin, body: { answers } });

  const codes = 'POST /v1/users/{userId}/backup-codes';
  await ask(codes, userId, { token: helpdesk, body: { kind: 'one-time', ...why } });
  const batch = (await ask(codes, userId, { token: helpdesk, body: { kind: 'static', count: 3, ...why } }))
    .body;
  await ask(codes, userId, { token: helpdesk, body: { kind: 'static', ...why, operator: userId } });
  await ask('GET /v1/users/{userId}/backup-codes', userId, { token: helpdesk });
  const use = { token: signin, body: { userId, code: batch.codes[0] } };
  await ask('POST /v1/backup-codes/verify', '', use);
  await ask('POST /v1/backup-codes/verify', '', use);

  const recoveries = 'POST /v1/recoveries';
  const read = 'GET /v1/recoveries/{recoveryId}';
  const choose = 'POST /v1/recoveries/{recoveryId}/path';
  const { recoveryId } = (await ask(recoveries, '', { token: signin, body: { userId } })).body;
  await ask(choose, recoveryId, { token: signin, body: { path: 'backup-code' } });
  const step = () => ask(read, recoveryId, { token: signin });
  await until(step, ({ body: { step: open } }) => open?.type === 'backup-code');
  const inRecovery = { token: signin, body: { recoveryId, code: batch.codes[1] } };
  await ask('POST /v1/backup-codes/verify', '', inRecovery);
  await until(step, ({ body: { status: now } }) => now === 'succeeded');
  await ask(choose, recoveryId, { token: signin, body: { path: 'kba' } });
  const byQuestions = { token: signin, body: { userId, path: 'kba' } };
  await ask(recoveries, '', byQuestions);
  await ask(read, 'unknown', { token: signin });

  await ask('DELETE /v1/users/{userId}/backup-codes', userId, { token: helpdesk });
  await ask('DELETE /v1/users/{userId}', userId, { token: admin });
  await ask('DELETE /v1/users/{userId}', userId, { token: admin });
  return seen;
}
