/** A function's environment in this process, so that its handler can be imported and called. */
import { vi } from 'vitest';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { type FunctionName, functionEnvironment } from '../../shared/environment/variables.ts';
import { hmacKey, rsaKey, type TestAwsEmulator } from '../infra/local/aws/fixtures/aws-emulator.ts';

/** What Lambda would have put there; variables that no test needs hold their own names. Undone by `vi.unstubAllEnvs`. */
export function stubEnvironment(name: FunctionName, aws: TestAwsEmulator): void {
  const given: Readonly<Record<string, string>> = {
    ...Object.fromEntries(functionEnvironment[name].map((variable) => [variable, variable])),
    AWS_CLIENT: '',
    FRONT_SECRETS: '',
    VALID_SINCE: '',
    SAME_NAMES: '[]',
    DECOYS: '[]',
    PACES: '{}',
    FALLBACK_POLICY: JSON.stringify(defaultPolicy),
    PEPPER_KEYS: `1=${hmacKey.id}`,
    SIGNING_KEYS: `1=${rsaKey.id}`,
    STATE_KEYS: `1=${hmacKey.id}`,
    CLIENT_ID_CLAIM: 'client_id',
    DEFAULT_LOCALE: 'de',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_KMS: aws.endpoint('kms'),
    AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint('dynamodb'),
  };
  for (const [variable, value] of Object.entries(given)) vi.stubEnv(variable, value);
}
