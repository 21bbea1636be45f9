/** What the log says of an error: which dependency it came from and its name, and nothing that it says itself. */
import { Unavailable } from '../domain/faults.ts';

declare const made: unique symbol;
/** Made here only, so that no other text can be logged as one. */
export type Fault = string & { readonly [made]: true };

/** Kept beside the errors, which stay as the SDK made them. */
const services = new WeakMap<object, string>();

/** @param service that the error came from, by its name in the SDK */
export function cameFrom(service: string, error: unknown): void {
  if (error instanceof Error) services.set(error, service.toLowerCase());
}

/** Such as `kms TimeoutError`; the name alone for an error of our own code. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return 'unknown' as Fault;
  const dependency = error instanceof Unavailable ? error.dependency : services.get(error);
  return (dependency === undefined ? nameOf(error) : `${dependency} ${nameOf(error)}`) as Fault;
}

/** Services send the names of their errors, and a name that is none could be anything. */
const isName = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z][\w.]{0,63}$/.test(text);

/** Node calls a connection that was refused, or a host that is not found, an `Error`; its code tells them apart. */
function nameOf(error: NodeJS.ErrnoException): string {
  const name = error.name === 'Error' && isName(error.code) ? error.code : error.name;
  return isName(name) ? name : 'Error';
}
