/** A function outlasts what it asks of its dependencies at their slowest, and those who wait for it outlast the function. */
import { describe, expect, it } from 'vitest';
import { offeredAgainAfterSeconds } from '../../functions/deliver/offer-again.ts';
import { timeBudgets } from '../../shared/aws/time-budgets.ts';
import { longestRefusalMilliseconds } from '../../shared/domain/delivery/channel-health.ts';
import { leaseMilliseconds } from '../../shared/domain/user-record/challenge.ts';
import { longestWays, rows, type Service, services, type Uses } from '../support/dependencies.ts';
import { directory, functionName, resourcesOf, smsStatus, templateOf, voice, windows } from './template.ts';

const template = templateOf({ voice, windows, directory, ...smsStatus });
const timeouts = new Map(
  [...resourcesOf(template, 'AWS::Lambda::Function')].map(([id, { Timeout }]) => [
    functionName(id),
    Number(Timeout),
  ]),
);
const secondsOf = (name: string) => timeouts.get(name) ?? 0;

/** Longest pauses before the second and third try, in milliseconds; a throttle itself takes no time. */
const afterFault = [50, 100];
const afterThrottle = [600, 600];

/** One request whose every try times out or is throttled, whichever takes longer, and whose last one times out. */
function slowest(service: Service): number {
  const { requestMilliseconds, tries } = timeBudgets[service];
  const before = Array.from({ length: tries - 1 }, (_, place) =>
    Math.max(requestMilliseconds + (afterFault[place] ?? 0), afterThrottle[place] ?? 0),
  );
  return before.reduce((sum, each) => sum + each, requestMilliseconds);
}

const sumOf = (uses: Uses) =>
  services.reduce((sum, service) => sum + (uses[service] ?? 0) * slowest(service), 0);

describe('the longest ways', () => {
  it.each(Object.entries(longestWays))('%s ends inside the time-out of its function', (_, way) => {
    const milliseconds = sumOf(way.uses) + (way.patience ?? 0);
    expect(milliseconds / 1000).toBeLessThan(secondsOf(way.function));
  });

  it('are not shorter than what the wire counts of any operation', () => {
    const shorter = rows.filter(([, { function: name, uses }]) => {
      const ways = Object.values(longestWays).filter((way) => way.function === name);
      return !ways.some((way) => sumOf(way.uses) >= sumOf(uses));
    });
    expect(shorter).toEqual([]);
  });

  it('lead through every function', () => {
    expect([...new Set(Object.values(longestWays).map((way) => way.function))].toSorted()).toEqual(
      [...timeouts.keys()].toSorted(),
    );
  });
});

it('a decoy waits for its refusal no longer than a carrier may take', () => {
  const carriers = [timeBudgets.sns, timeBudgets.ses, timeBudgets.connect];
  expect(longestRefusalMilliseconds).toBe(Math.max(...carriers.map((each) => each.requestMilliseconds)));
});

describe('who waits for a function', () => {
  it.each([...timeouts].filter(([name]) => !['deliver', 'speak-otp'].includes(name)))(
    'API Gateway waits longer than %s takes',
    (_, seconds) => {
      expect(seconds).toBeLessThan(30);
    },
  );

  it('the contact flow of a call waits as long as speak-otp takes', () => {
    const [flow] = [...resourcesOf(template, 'AWS::Connect::ContactFlow').values()];
    const waits = /InvocationTimeLimitSeconds[^0-9]+(\d+)/.exec(JSON.stringify(flow))?.[1];
    expect(secondsOf('speak-otp')).toBeLessThanOrEqual(Number(waits));
  });

  it('a worker’s lease outlasts it, and the queue hides the message for longer than that', () => {
    expect(leaseMilliseconds).toBeGreaterThan(secondsOf('deliver') * 1000);
    for (const { VisibilityTimeout } of resourcesOf(template, 'AWS::SQS::Queue').values()) {
      if (VisibilityTimeout !== undefined)
        expect(VisibilityTimeout * 1000).toBeGreaterThan(2 * leaseMilliseconds);
    }
  });

  it('a message is not offered again before its claim has ended, nor later than its queue would', () => {
    const hidden = Math.max(
      ...[...resourcesOf(template, 'AWS::SQS::Queue').values()].map(
        ({ VisibilityTimeout }) => VisibilityTimeout ?? 0,
      ),
    );
    for (const seconds of offeredAgainAfterSeconds) {
      expect(seconds * 1000).toBeGreaterThan(leaseMilliseconds);
      expect(seconds).toBeLessThan(hidden);
    }
  });
});

describe('Secrets Manager', () => {
  it('has no client in any function, no permission and no environment', () => {
    expect(services).not.toContain('secretsmanager');
    expect(Object.keys(timeBudgets)).not.toContain('secretsmanager');
    expect(JSON.stringify(template.toJSON()).toLowerCase()).not.toContain('secretsmanager');
  });
});
