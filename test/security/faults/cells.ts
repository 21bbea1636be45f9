/** A fault at each request of an operation: which there are, how each reads in a title, what a client sees of it. */
import { expect } from 'vitest';
import { problemOf } from '../../e2e/people.ts';
import type { Stack, StackAnswer } from '../../stack.ts';
import { type Requested, rows, type Service, type Uses } from '../../support/dependencies.ts';
import { isWhole } from '../../support/size.ts';
import type { Operation, Prepared } from './operations.ts';

/** They send a code, use one up, count a guess, or show something once: never twice, and never in vain. */
const decisive: ReadonlySet<Requested> = new Set([
  'start a challenge',
  'verify the right code',
  'verify a wrong code',
  'check right answers',
  'check wrong answers',
  'use a backup code',
  'use a wrong backup code',
  'generate backup codes',
  'start a recovery',
  'answer a step with answers',
  'answer a step with a code',
  'answer a step with a backup code',
]);
/** The operations that are tried under faults: in the small size those that decide. */
export const faultRows = rows.filter(([name]) => isWhole || decisive.has(name));

/** More than all clients together try. */
export const down = 10_000;

export interface Cell {
  readonly service: Service;
  readonly fault: 'error' | 'lost-reply';
  /** Requests to the service that are answered before the fault. */
  readonly after: number;
  readonly key: string | undefined;
}

/**
 * A fault at each request that the operation makes of each service. A key matters where something took effect. The small
 * size takes, of the table's, the moment that uses a code up: before it with an error, after it with a lost reply. Of
 * other services it takes one, without a key.
 */
export function cellsOf(
  [, { uses, keyed }]: (typeof rows)[number],
  { consumesAt, shownOnceAt = 1 }: Operation,
  withKey: boolean,
): Cell[] {
  const more = (service: string) => (withKey && service === 'dynamodb' ? (keyed ?? 0) : 0);
  const kinds = withKey ? (['lost-reply'] as const) : (['error', 'lost-reply'] as const);
  const around = {
    error: [consumesAt ?? 1],
    'lost-reply': [consumesAt ?? 1, shownOnceAt],
  } as const;
  const isTried = ({ service, fault, after }: Cell) =>
    isWhole || (service === 'dynamodb' ? around[fault].includes(after + 1) : !withKey && fault === kinds[0]);
  return (Object.entries(uses) as [Service, number][])
    .flatMap(([service, requests]) =>
      Array.from({ length: requests + more(service) }, (_, after) => after).flatMap((after) =>
        kinds.map((fault) => {
          const key = withKey ? `${service}-${fault}-${after}` : undefined;
          return { service, fault, after, key };
        }),
      ),
    )
    .filter(isTried);
}

export const told = ({ service, fault, after, key }: Cell) =>
  `${fault} of ${service} at request ${after + 1} ${key === undefined ? 'without' : 'with'} a key`;

export function expectUnavailable(answer: StackAnswer): void {
  expect(problemOf(answer)).toMatchObject({
    status: 503,
    type: 'application/problem+json',
    code: 'unavailable',
  });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.text).not.toContain('verified');
}

/** Whether the code had been used up when the fault came, and nothing tells the request from another one. */
export function isSpent(
  { consumesAt, shownOnceAt }: Operation,
  { service, fault, after, key }: Cell,
): boolean {
  if (key !== undefined) return service === 'dynamodb' && fault === 'lost-reply' && after + 1 === shownOnceAt;
  if (consumesAt === undefined) return false;
  if (service !== 'dynamodb') return true;
  return fault === 'lost-reply' ? after + 1 >= consumesAt : after >= consumesAt;
}

export async function audited(
  stack: Stack,
  all: readonly { cell: string; prepared: Prepared; answer: StackAnswer }[],
) {
  await stack.quiet();
  const sent = await stack.outbox();
  const wrong: string[] = [];
  for (const { cell, prepared, answer } of all) {
    try {
      await prepared.audit(answer, sent);
    } catch (error) {
      wrong.push(`${cell}: ${(error as Error).message.split('\n', 1)[0]}`);
    }
  }
  expect(wrong).toEqual([]);
}

/** Whether something is still under way when the answer has been given: a delivery, the workflow. */
export const isFollowed = (uses: Uses) => 'sqs' in uses || 'states' in uses;
