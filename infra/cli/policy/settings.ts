/** The administrator's words: which command sets which field of the policy, and to what. */
import { forgotPhoneMethods, mfaMethods, modes, securityCodeKinds } from '../../../shared/domain/policy.ts';

export interface Setting {
  readonly command: string;
  /** Path inside the policy. */
  readonly field: readonly string[];
  readonly values: readonly string[];
  readonly about: string;
  /** Path of the switch that `--enable` and `--disable` set, where the command has them. */
  readonly toggle?: readonly string[];
}

const booleans = ['true', 'false'] as const;

export const settings = [
  {
    command: 'mode',
    field: ['mode'],
    values: modes,
    about: 'What signs people in: security key and codes, codes alone, or keys alone.',
  },
  {
    command: 'mfa-method',
    field: ['mfaMethod'],
    values: mfaMethods,
    about: 'How codes go out. With one method named, a code goes out by it at once.',
  },
  {
    command: 'forgot-phone',
    field: ['forgotPhone', 'method'],
    values: forgotPhoneMethods,
    toggle: ['forgotPhone', 'enabled'],
    about: 'How a person without the phone gets back in, and whether that is offered.',
  },
  {
    command: 'users-select',
    field: ['forgotPhone', 'usersSelect'],
    values: booleans,
    about: 'Whether people may choose another way back in that is at least as strong.',
  },
  {
    command: 'security-codes',
    field: ['securityCodes'],
    values: securityCodeKinds,
    about: 'Which backup codes people may sign in with.',
  },
] as const satisfies readonly Setting[];

/** Any spelling of case is taken. @returns undefined for a word the setting does not have. */
export function canonical({ values }: Setting, typed: string): string | boolean | undefined {
  const value = values.find((candidate) => candidate.toLowerCase() === typed.toLowerCase());
  return isBoolean(values) && value !== undefined ? value === 'true' : value;
}

const isBoolean = (values: readonly string[]): boolean => values === booleans;
