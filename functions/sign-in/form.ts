/** A form of the sign-in page, read: what a person asked for, in which session. */
import type { Idempotency } from '../../shared/domain/identifiers/request-id.ts';
import type { PageContext } from './page-context.ts';

/** What one form asked for. */
export interface Form extends PageContext {
  readonly fields: URLSearchParams;
  /** Names the request: a double click is one, and so is a repetition after a fault. */
  readonly idempotency: Idempotency;
  /** The same, of this form with what is in it: what is typed into another tab is an attempt of its own. */
  readonly request: string;
}
