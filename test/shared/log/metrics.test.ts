/** Lines of the log that count: which metric, by what, and how CloudWatch finds it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { log } from '../../../shared/log/log.ts';

const written: Record<string, unknown>[] = [];

beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'deliver-1');
  written.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(JSON.parse(String(line))) > 0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Of each metric of the line: its value there, and what it is counted by, with the values of that. */
function countedIn(line: Record<string, unknown> = {}) {
  const { _aws: block } = line as {
    _aws?: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[] };
  };
  return block?.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Metrics.map(({ Name, Unit }) => [
      Name,
      Unit,
      line[Name],
      Dimensions.map((by) => by.map((name) => line[name])),
    ]),
  );
}

const ids = { user: 'u', client: 'web', challenge: 'c' };

test('a code is counted by method when it is issued, issued again and verified, and then by country too', () => {
  log('challenge-started', { ...ids, method: 'SMS' });
  log('challenge-resent', { client: 'web', challenge: 'c', method: 'Email' });
  log('code-verified', { ...ids, method: 'Email', country: undefined, purpose: 'sign-in' });
  log('code-verified', { ...ids, method: 'Call', country: 'DE', purpose: 'sign-in' });
  const byCountry = [
    ['deliver-1', 'Call'],
    ['deliver-1', 'Call', 'DE'],
  ];
  expect(written.map(countedIn)).toEqual([
    [['issued', 'Count', 1, [['deliver-1', 'SMS']]]],
    [['issued', 'Count', 1, [['deliver-1', 'Email']]]],
    [['verified', 'Count', 1, [['deliver-1', 'Email']]]],
    [['verified', 'Count', 1, byCountry]],
  ]);
});

test('a message is counted by method and country, and its time by method alone', () => {
  const of = { challenge: 'c', method: 'SMS', country: 'US' } as const;
  log('delivery-ended', { ...of, outcome: 'sent', milliseconds: 812 });
  log('delivery-ended', { ...of, outcome: 'failed-over', reason: 'throttled' });
  log('delivery-ended', { challenge: 'c', method: 'Email', outcome: 'failed', reason: 'timeout' });
  const both = [
    ['deliver-1', 'SMS'],
    ['deliver-1', 'SMS', 'US'],
  ];
  expect(written.map(countedIn)).toEqual([
    [
      ['sent', 'Count', 1, both],
      ['milliseconds', 'Milliseconds', 812, [['deliver-1', 'SMS']]],
    ],
    [['refused', 'Count', 1, both]],
    [['refused', 'Count', 1, [['deliver-1', 'Email']]]],
  ]);
});

test('what SNS says later is counted by country', () => {
  log('sms-status', { challenge: 'c', country: 'DE', fate: 'delivered', next: 'none' });
  log('sms-status', { challenge: 'c', country: 'DE', fate: 'blocked', next: 'failed' });
  expect(written.map(countedIn)).toEqual([
    [['delivered', 'Count', 1, [['deliver-1'], ['deliver-1', 'DE']]]],
    [['undelivered', 'Count', 1, [['deliver-1'], ['deliver-1', 'DE']]]],
  ]);
});

test('a decoy, what is done again, and every other event count nowhere', () => {
  log('delivery-ended', { challenge: 'c', outcome: 'decoy' });
  log('delivery-ended', { challenge: 'c', outcome: 'retry', reason: 'timeout', method: 'SMS' });
  log('code-refused', { client: 'web', challenge: 'c', reason: 'code-rejected' });
  expect(written.map(countedIn)).toEqual([undefined, undefined, undefined]);
});

test('the block stands at the root of the line, with the time of the line', () => {
  log('challenge-started', { ...ids, method: 'SMS' });
  const [line] = written as [{ timestamp: string; _aws: { Timestamp: number; CloudWatchMetrics: object[] } }];
  expect(line._aws.Timestamp).toBe(Date.parse(line.timestamp));
  expect(line._aws.CloudWatchMetrics).toMatchObject([{ Namespace: 'MfaFallback' }]);
});
