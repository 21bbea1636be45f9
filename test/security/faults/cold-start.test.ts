/** A function whose keys cannot be derived when it starts: it stays closed, and opens with the first request after. */
import type { Context } from 'aws-lambda';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultPolicy } from '../../../shared/domain/policy.ts';
import { functionEnvironment } from '../../../shared/environment.ts';
import { apiEvent } from '../../bench/event.ts';
import { hmacKey, rsaKey, startTestWire, type TestWire } from '../../infra/local/wire/fixtures/wire.ts';
import type { Json } from '../../stack.ts';

afterEach(() => vi.unstubAllEnvs());

/** What Lambda would have put there; variables that no test needs hold their own names. */
function stubEnvironment(wire: TestWire): void {
  const given: Readonly<Record<string, string>> = {
    ...Object.fromEntries(functionEnvironment['verify-otp'].map((name) => [name, name])),
    FALLBACK_POLICY: JSON.stringify(defaultPolicy),
    PEPPER_KEYS: `1=${hmacKey.id}`,
    SIGNING_KEYS: `1=${rsaKey.id}`,
    CLIENT_ID_CLAIM: 'client_id',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_KMS: wire.endpoint('kms'),
    AWS_ENDPOINT_URL_DYNAMODB: wire.endpoint('dynamodb'),
  };
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
}

test.each(['error', 'throttle', 'timeout'] as const)('a KMS that answers with a %s', async (fault) => {
  const wire = await startTestWire();
  stubEnvironment(wire);
  wire.faults.set('kms', fault, 10_000);
  vi.resetModules();
  const { handler } = await import('../../../functions/verify-otp/handler.ts');
  const verify = async (): Promise<Json> => {
    const route = 'POST /v1/otp-challenges/{challengeId}/verify';
    const event = apiEvent(route, '{"code":"000000"}', { challengeId: 'no-id-of-ours' });
    return handler(event as Json, {} as Context);
  };
  for (let tries = 1; tries <= 2; tries += 1) {
    const answer = await verify();
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(answer.body).code).toBe('unavailable');
  }
  wire.faults.clear();
  expect(await verify()).toMatchObject({ statusCode: 410 });
  const asked = wire.requests.count('kms');
  await verify();
  expect(wire.requests.count('kms')).toBe(asked);
});
