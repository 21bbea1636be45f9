/** What is read out of the log of SNS: an id and what became of the SMS. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { statusesIn, statusOf } from '../../functions/sms-status/read-log.ts';

const messageId = '34d9b400-c6dd-5444-820d-fbeb0f1f54cf';
/** As in the SNS developer guide. */
const line = (status: string, providerResponse: string) =>
  JSON.stringify({
    notification: { messageId, timestamp: '2016-06-28 00:40:34.558' },
    delivery: { destination: '+1XXX5550100', priceInUSD: 0.00645, providerResponse, dwellTimeMs: 599 },
    status,
  });

test.each([
  ['SUCCESS', 'Message has been accepted by phone carrier', 'delivered'],
  ['FAILURE', 'Blocked as spam by phone carrier', 'blocked'],
  ['FAILURE', 'Phone carrier has blocked this message', 'blocked'],
  ['FAILURE', 'Phone is on a blocked list', 'blocked'],
  ['FAILURE', 'Phone number is opted out', 'opted-out'],
  ['FAILURE', 'This delivery would exceed max price', 'over-price'],
  ['FAILURE', 'No quota left for account', 'spend-limit'],
  ['FAILURE', 'Unknown error attempting to reach phone', 'unreachable'],
  ['FAILURE', 'Phone is currently unreachable/unavailable', 'unreachable'],
])('%s with "%s" is %s', (status, response, fate) => {
  expect(statusOf(line(status, response))).toEqual({ kind: 'status', messageId, fate });
});

test('nothing else of the log is passed on, and what is no status is left out', () => {
  const messages = [line('FAILURE', 'no'), 'CWL CONTROL MESSAGE: Checking health', '{}', 'null'];
  const data = { logEvents: messages.map((message) => ({ id: '1', timestamp: 1, message })) };
  const event = { awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } };
  expect(statusesIn(event)).toEqual([{ kind: 'status', messageId, fate: 'unreachable' }]);
});
