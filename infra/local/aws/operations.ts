/** The shape of a service’s operations, and readers for their parameters. */
import type { Input } from './protocols.ts';
import { ServiceError } from './service-error.ts';

/** @param signal aborts when the client has gone. @throws {ServiceError} */
export type Operation = (input: Input, signal: AbortSignal) => object | Promise<object>;
export type Operations = Readonly<Record<string, Operation>>;

/** E.164: a plus sign and at most 15 digits. */
export const isPhoneNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

/** @returns undefined when absent or empty. @throws {ServiceError} of the given code when it is no text. */
export function optionalText(input: Input, name: string, code = 'ValidationException'): string | undefined {
  const value = Object.hasOwn(input, name) ? (input[name] ?? undefined) : undefined;
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new ServiceError(code, `${name} must be a string.`);
}

export function requiredText(input: Input, name: string, code = 'ValidationException'): string {
  const value = optionalText(input, name, code);
  if (value === undefined) throw new ServiceError(code, `${name} is missing.`);
  return value;
}

/** Values of a list in the Query protocol: `ToAddresses.member.1`, `.2` and so on. */
export function members(input: Input, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index++) {
    const value = optionalText(input, `${name}.member.${index}`);
    if (value === undefined) return values;
    values.push(value);
  }
}
