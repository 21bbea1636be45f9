/** docs/dependencies.md has the budgets that clients are made with. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AwsService, timeBudgets } from '../../shared/aws/time-budgets.ts';

const page = readFileSync(new URL('../../docs/dependencies.md', import.meta.url), 'utf8');

const names: Readonly<Record<AwsService, string>> = {
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  kms: 'KMS',
  sns: 'SNS',
  ses: 'SES',
  connect: 'Connect',
  states: 'Step Functions',
};
const rows = new Map(
  page
    .split('\n')
    .filter((line) => /^\| [A-Z]/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name = '', ...cells]) => [name, cells.slice(0, 3).map(Number)]),
);

test.each(Object.entries(timeBudgets))('the budget of %s is the one that is used', (service, budget) => {
  const { requestMilliseconds, tries } = budget;
  const pauses = [50, 100].slice(0, tries - 1).reduce((sum, pause) => sum + pause, 0);
  expect(rows.get(names[service as AwsService])).toEqual([
    requestMilliseconds,
    tries,
    tries * requestMilliseconds + pauses,
  ]);
});

test('every dependency is in the table, and no other', () => {
  expect([...rows.keys()].toSorted()).toEqual(Object.values(names).toSorted());
});
