/**
 * Which requests of a trimmed client are repeated, how often and after what pause.
 *
 * Strategy and classes of failures are the SDK's. Only the longest pause is ours.
 */
import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorType, RetryStrategyV2, SdkError } from '@smithy/types';

/** The longest pause before another try, after a throttle: it costs no more time than a try that times out. */
const longestPauseMilliseconds = 600;

/** @param tries the first included */
export function retryStrategy(tries: number): RetryStrategyV2 {
  return new StandardRetryStrategy({ maxAttempts: tries, backoff: backoff() });
}

/** The SDK's own pauses, exponential with full jitter, up to that limit. */
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
 * The result of the first try that succeeds. The strategy itself waits out the pause between two tries.
 *
 * The SDK's own step prepares for a failure before each request: it makes an error with its stack, a random id, and
 * two headers that are signed and that no service answers to.
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
        throw error; // the strategy's own error says only that there is no other try
      });
    }
  }
}

function kindOf(error: SdkError): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  return isTransientError(error) ? 'TRANSIENT' : 'CLIENT_ERROR';
}
