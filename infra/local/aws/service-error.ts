/** An error that a service answers with, and the services' answers in general. */

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ErrorDetails {
  /** HTTP status, 400 unless told. */
  readonly status?: number;
  /** Code of the same error in the older query protocol, which SQS repeats in a header. */
  readonly queryCode?: string;
}

/** Thrown by an operation; each protocol renders it in its own form. The message repeats what was sent only where AWS's own
 * does: then nothing that is logged may hold it. */
export class ServiceError extends Error {
  /** Error code as it stands in the answer, which is not always the SDK's class name. */
  readonly code: string;
  readonly status: number;
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, { status = 400, queryCode }: ErrorDetails = {}) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
  }
}
