/** What a rule is: it says which rights a request to a service needs. */
import type { Input } from '../aws/protocols.ts';
import { account } from '../template/names.ts';
import type { Asked, Context } from './asked.ts';

export interface SignedRequest {
  readonly operation: string;
  readonly input: Input;
  /** That the request is signed for. */
  readonly region: string;
}

/** Everything that must be allowed, before a request runs. Undefined: no rule says what this request needs. */
export type Rule = (request: SignedRequest) => readonly Asked[] | undefined;

export function ask(action: string, resource: string | undefined, context: Context = {}): Asked {
  return { action, resource, context };
}

export function arnIn(region: string, service: string, rest: string): string {
  return `arn:aws:${service}:${region}:${account}:${rest}`;
}

/** @returns undefined for what is absent or no text: the service itself refuses such a request. */
export function textIn(input: Input, name: string): string | undefined {
  const value = Object.hasOwn(input, name) ? input[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
