/** What a session offers: the methods and recoveries that policy has and that its client can take as an answer. */
import { type AuthenticatorOrPath, contextOf, methodsOf } from '../assertion.ts';
import { type ProfileSettings, profileOf } from '../contact/profile.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { nameForm } from '../names/name-form.ts';
import type { NamePorts } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Method, Policy } from '../policy/policy.ts';
import { asksFor, type RecoveryPath, recoveryPathNames, recoveryPaths } from '../policy/recovery-paths.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { entraContextOf } from './entra-hint.ts';
import type { Return } from './session.ts';

export interface Offers {
  readonly methods: readonly { readonly method: Method; readonly destination: string }[];
  readonly paths: readonly RecoveryPath[];
}

/**
 * A person who is unknown or disabled has a decoy's methods and masks, and so the same page: the masks are those that the
 * code's own page shows, which are made of the form of the name.
 */
export function offersFor(
  person: string,
  record: UserRecord,
  origin: Return,
  keyring: Keyring,
  settings: ProfileSettings & Pick<NamePorts, 'sameNames'>,
  now: number,
): Offers {
  const { policy, sameNames } = settings;
  const profile = profileOf(nameForm(person, sameNames), record, keyring, settings, 'sign-in', now);
  const methods = forbidsFallback(policy) ? [] : profile.methods.filter((method) => isTaken(method, origin));
  return {
    methods: methods.map((method) => ({ method, destination: profile.destination(method).masked })),
    paths: pathsFor(origin, policy),
  };
}

/** A backup code needs no recovery: it is offered wherever policy has any. */
export function pathsFor(origin: Return, policy: Policy): readonly RecoveryPath[] {
  if (forbidsFallback(policy)) return [];
  const paths = recoveryPaths(policy).filter((path) => path !== 'backup-code');
  const all: readonly RecoveryPath[] = policy.securityCodes === 'none' ? paths : [...paths, 'backup-code'];
  return all.filter((path) => isTaken(path, origin));
}

/** Whether the client takes the proof. Asked before a message leaves, and once more of the proof that was given. */
export function isTaken(proof: AuthenticatorOrPath, origin: Return): boolean {
  if (origin.kind === 'redirect') {
    const { acrValues } = origin;
    return acrValues === undefined || acrValues.includes(contextOf(proof));
  }
  if (entraContextOf(origin.acrValues) === undefined || (!origin.email && byEmail.has(proof))) return false;
  return entraMethodOf(proof, origin.amrValues) !== undefined;
}

/** The one `amr` of those asked for that says how the person proved it: answers to questions alone have none. */
export function entraMethodOf(proof: AuthenticatorOrPath, asked: readonly string[]): string | undefined {
  if (proof === 'kba') return undefined;
  return methodsOf(proof)
    .toReversed() // `sms` and `tel` say more than `otp`
    .find((amr) => possession.has(amr) && asked.includes(amr));
}

const possession: ReadonlySet<string> = new Set(['sms', 'tel', 'otp']);
const byEmail: ReadonlySet<AuthenticatorOrPath> = new Set<AuthenticatorOrPath>([
  'Email',
  ...recoveryPathNames.filter((path) => asksFor('otp', path)),
]);
