/** issue-otp: starts challenges, resends codes, reports their status, and verifies callers. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { challengePath } from '../../shared/http/otp-challenges.ts';
import { json, problem } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { api } from '../../shared/lambda/api.ts';
import { connect, type Ports } from './ports.ts';
import { view } from './present.ts';
import { resend } from './resend.ts';
import { start } from './start.ts';
import { startCaller } from './start-caller.ts';
import { verifyCallerCode } from './verify-caller.ts';
import { sendCode } from './workflow-tasks.ts';

const status = route({ path: challengePath }, async ({ path, token }, ports: Ports) => {
  const found = await readChallenge(path.challengeId, token.client, ports);
  if (found === undefined) return problem('challenge-closed');
  return json(200, { ...view(found, ports), status: found.status, delivery: found.delivery });
});

export const handler = api(
  'issue-otp',
  connect,
  {
    'POST /v1/otp-challenges': start,
    'POST /v1/otp-challenges/{challengeId}/resend': resend,
    'GET /v1/otp-challenges/{challengeId}': status,
    'POST /v1/users/{userId}/caller-verifications': startCaller,
    'POST /v1/caller-verifications/{callerVerificationId}/verify': verifyCallerCode,
  },
  { 'send-code': sendCode },
);
