/** The result of an invocation, and the limits that Lambda sets to it. */

export interface InvokeResult {
  /** JSON: what the handler returned, or `{errorType, errorMessage}` when it failed. */
  readonly payload: string;
  /** How it failed: `timeout` and `too-large` are told apart because API Gateway answers them differently. */
  readonly failure?: 'error' | 'timeout' | 'too-large';
}

/** Lambda's limit of a synchronous request's and response's payload. */
export const payloadLimitBytes = 6 * 1024 * 1024;

export function failed(
  failure: NonNullable<InvokeResult['failure']>,
  errorType: string,
  errorMessage: string,
): InvokeResult {
  return { failure, payload: JSON.stringify({ errorType, errorMessage }) };
}
