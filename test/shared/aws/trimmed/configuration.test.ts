/** Which host a trimmed client calls. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timeBudgets } from '../../../../shared/aws/time-budgets.ts';
import { trimmedConfiguration } from '../../../../shared/aws/trimmed/configuration.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['eu-central-1', 'amazonaws.com', 'https://kms.eu-central-1.amazonaws.com'],
  ['us-gov-west-1', 'amazonaws.com', 'https://kms.us-gov-west-1.amazonaws.com'],
  ['eusc-de-east-1', 'amazonaws.eu', 'https://kms.eusc-de-east-1.amazonaws.eu'],
  ['cn-north-1', 'amazonaws.com.cn', 'https://kms.cn-north-1.amazonaws.com.cn'],
])('clients in %s call the domain of its partition', (region, suffix, endpoint) => {
  vi.stubEnv('URL_SUFFIX', suffix);
  expect(trimmedConfiguration('kms', region, timeBudgets.kms).endpoint).toBe(endpoint);
});

test('SES is called at a host of another name', () => {
  const { endpoint } = trimmedConfiguration('ses', 'eu-central-1', timeBudgets.ses);
  expect(endpoint).toBe('https://email.eu-central-1.amazonaws.com');
});
