/** What the log says about an error: its name and the dependency it came from, never its message. */
import { Unavailable } from '../domain/faults.ts';

declare const made: unique symbol;
/** Only this file makes one, so that no other text can be logged as a fault. */
export type Fault = string & { readonly [made]: true };

/** Which service an error came from. Kept apart, so that the SDK's errors stay unchanged. */
const services = new WeakMap<object, string>();

/**
 * Remembers where an error came from, for the log.
 *
 * @param service its name in the SDK, such as `DynamoDB`
 */
export function cameFrom(service: string, error: unknown): void {
  if (error instanceof Error) services.set(error, service.toLowerCase());
}

/** For example `kms TimeoutError`; the name alone for an error of our own code. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return 'unknown' as Fault;
  const dependency = error instanceof Unavailable ? error.dependency : services.get(error);
  return (dependency === undefined ? nameOf(error) : `${dependency} ${nameOf(error)}`) as Fault;
}

/** Services send the names of their errors, so a name could hold any text. */
const isName = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z][\w.]{0,63}$/.test(text);

/** Node names a refused connection and an unknown host both `Error`; only their codes distinguish them. */
function nameOf(error: NodeJS.ErrnoException): string {
  const name = error.name === 'Error' && isName(error.code) ? error.code : error.name;
  return isName(name) ? name : 'Error';
}
