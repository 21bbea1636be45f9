/** Writes problem documents (RFC 9457) for the gateway, in the form that the functions use. */
import { type ServerResponse, STATUS_CODES } from 'node:http';

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The one field that API Gateway's own answers have; ours add the problem's fields to it. */
  readonly message?: string;
  /** Faults of the input, by JSON pointer. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendProblem(response: ServerResponse, problem: Problem): void {
  const { status, code, detail, message, errors, headers } = problem;
  const body = JSON.stringify({
    type: `urn:mfa-fallback:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(message === undefined ? {} : { message }),
    ...(errors === undefined ? {} : { errors }),
  });
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
