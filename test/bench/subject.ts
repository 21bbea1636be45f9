/** The measured functions: the bundles of issue-otp and verify-otp in one process, as API Gateway calls them. */
import { createRequire } from 'node:module';
import { bundleFolder } from '../../infra/bundles.ts';
import { apiEvent } from './event.ts';
import { serveMeasured } from './measured.ts';

const require = createRequire(import.meta.url);
type Handler = (event: unknown, context: object) => Promise<{ statusCode: number; body: string }>;
const { handler: issueOtp } = require(`${bundleFolder('issue-otp')}/index.js`) as { handler: Handler };
const { handler: verifyOtp } = require(`${bundleFolder('verify-otp')}/index.js`) as { handler: Handler };

// A function's log lines are the platform's to carry.
process.stdout.write = () => true;

async function call(handler: Handler, event: unknown, expected: number): Promise<string> {
  const { statusCode, body } = await handler(event, {});
  if (statusCode !== expected) throw new Error(`${statusCode} ${body}`);
  return body;
}

const verifying = (expected: number) => (body: string) => {
  const { challengeId, ...rest } = JSON.parse(body) as { challengeId: string; code: string };
  const event = apiEvent('POST /v1/otp-challenges/{challengeId}/verify', JSON.stringify(rest), {
    challengeId,
  });
  return call(verifyOtp, event, expected);
};

await serveMeasured({
  issue: (body) => call(issueOtp, apiEvent('POST /v1/otp-challenges', body), 201),
  verify: verifying(200),
  reject: verifying(422),
});
