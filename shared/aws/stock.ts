/**
 * The configuration of the SDK's clients as they come, for `AWS_CLIENT=stock`: only region and time budget are set.
 *
 * Endpoint, credentials, signatures and retries are the SDK's. Unlike ours, its handler counts the time of the
 * body from the last byte that came, and its retries wait as long as a service asks.
 */
import type { TimeBudget } from './time-budgets.ts';

export function stockConfiguration(region: string, { requestMilliseconds, tries }: TimeBudget) {
  return {
    region,
    maxAttempts: tries,
    requestHandler: {
      connectionTimeout: requestMilliseconds,
      requestTimeout: requestMilliseconds,
      socketTimeout: requestMilliseconds,
      throwOnRequestTimeout: true, // it would only warn
    },
  };
}
