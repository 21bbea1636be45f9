/** The administrator's words: which command sets which field of the policy, and to what. */
import {
  forgotPhoneMethods,
  mfaMethods,
  modes,
  securityCodeKinds,
} from '../../../shared/domain/policy/policy.ts';

export interface Setting {
  readonly command: string;
  /** Path inside the policy. */
  readonly field: readonly string[];
  readonly values: readonly string[];
  readonly about: string;
  /** Path of the switch that `--enable` and `--disable` set, where the command has them. */
  readonly toggle?: readonly string[];
  /** Words of other products, in lower case, and which of ours they may mean. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

const booleans: readonly string[] = ['true', 'false'];

export const settings = [
  {
    command: 'mode',
    field: ['mode'],
    values: modes,
    elsewhere: { 'security key': 'DirectFidoAuth', passkey: 'DirectFidoAuth', webauthn: 'DirectFidoAuth' },
    about: 'What signs people in: security key and codes, codes alone, or keys alone.',
  },
  {
    command: 'mfa-method',
    field: ['mfaMethod'],
    values: mfaMethods,
    elsewhere: { phone: 'SMS or Call', text: 'SMS', voice: 'Call' },
    about: 'How codes go out. With one method named, a code goes out by it at once.',
  },
  {
    command: 'forgot-phone',
    field: ['forgotPhone', 'method'],
    values: forgotPhoneMethods,
    toggle: ['forgotPhone', 'enabled'],
    elsewhere: { on: '--enable', true: '--enable', off: '--disable', false: '--disable', none: '--disable' },
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
    elsewhere: { off: 'none', false: 'none', all: 'both' },
    about: 'Which backup codes people may sign in with.',
  },
] as const satisfies readonly Setting[];

/** What people type for yes and no. */
const booleanWords: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};

/** Any spelling of case is taken. @returns undefined for a word the setting does not have. */
export function canonical({ values }: Setting, typed: string): string | boolean | undefined {
  const word = typed.toLowerCase();
  if (values !== booleans) return values.find((value) => value.toLowerCase() === word);
  return Object.hasOwn(booleanWords, word) ? booleanWords[word] : undefined;
}
