/**
 * Which requests of the AWS clients are repeated, how often and after what pause: the SDK's own strategy and its
 * own classes of failures, but for the longest pause.
 */
import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorType, RetryStrategyV2, SdkError } from '@smithy/types';

/** The longest pause before another try, after a throttle: it costs no more time than a try that times out. */
const longestPauseMilliseconds = 1_000;

/** @param tries the first included */
export function retryStrategy(tries: number): RetryStrategyV2 {
  return new StandardRetryStrategy({ maxAttempts: tries, backoff: backoff() });
}

/** The SDK's pauses, exponential with full jitter, but for that limit. */
function backoff() {
  let base = 0;
  return {
    setDelayBase(milliseconds: number) {
      base = milliseconds;
    },
    computeNextBackoffDelay: (attempt: number) =>
      Math.floor(Math.random() * Math.min(base * 2 ** attempt, longestPauseMilliseconds)),
  };
}

/**
 * The result of the first try that has one. The strategy itself waits out the pause between two.
 *
 * In place of the SDK's step, which prepares for failure before each request: an error with its stack, a random
 * id, two headers that are signed and that no service answers to.
 *
 * @throws what the last try threw
 */
export async function withRetries<Result>(
  strategy: RetryStrategyV2,
  attempt: () => Promise<Result>,
): Promise<Result> {
  let token = await strategy.acquireInitialRetryToken('');
  for (;;) {
    try {
      const result = await attempt();
      strategy.recordSuccess(token);
      return result;
    } catch (thrown) {
      const error = thrown as SdkError;
      const errorType = kindOf(error);
      token = await strategy.refreshRetryTokenForRetry(token, { error, errorType }).catch(() => {
        throw error; // the strategy's own says only that there is no other try
      });
    }
  }
}

function kindOf(error: SdkError): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  return isTransientError(error) ? 'TRANSIENT' : 'CLIENT_ERROR';
}
