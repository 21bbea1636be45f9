/**
 * The configuration of the SDK's clients as they come, for `AWS_CLIENT=stock`: only region and time budget are set.
 *
 * Endpoint, credentials, signatures and retries are the SDK's. Two things differ from the trimmed client. A slow body
 * times out after so long without a byte, and not after so long in all. A retry waits as long as the service asks.
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
