/** How long a batch keeps its place. */
import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { pacesOf, restOf } from '../../functions/deliver/pace.ts';

const urls = {
  sms: 'https://sqs.eu-central-1.amazonaws.com/000000000000/stage-sms',
  call: undefined,
};
const paces = pacesOf(urls, '{"sms":200,"call":1000}');
const from = (queue: string) =>
  ({ eventSourceARN: `arn:aws:sqs:eu-central-1:000000000000:${queue}` }) as SQSRecord;

test('a batch keeps its place for as long as its messages take of it, the work included', () => {
  expect(restOf([from('stage-sms')], paces, 50)).toBe(150);
  expect(restOf([from('stage-sms'), from('stage-sms')], paces, 50)).toBe(350);
  expect(restOf([from('stage-sms')], paces, 900)).toBe(0);
});

test('a queue without a pace holds nothing up', () => {
  expect(restOf([from('another')], paces, 0)).toBe(0);
});
