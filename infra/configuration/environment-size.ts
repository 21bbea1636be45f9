/** What fits into a function's environment: the policy beside the keys and the stage's texts. */
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { ConfigurationProblem } from './problems.ts';

/** Bytes that Lambda allows for all variables of a function together. */
export const environmentBytes = 4_096;

/** A version, the ARN of its key and a comma, at their longest. */
export const keyBytes = 90;
/** Names of variables, and the table and the queues, of `deliver`, which has most of them but knows no signing key. */
const deliverBytes = 1_150;
/** The same of the functions that sign. */
const signingBytes = 600;

interface Versions {
  readonly versions: readonly number[];
}

/** The same of the function that shows the sign-in page, which also sends, signs and starts recoveries. */
export const pageBytes = 1_150;

/** What of a stage goes into the environment beside its policy. */
interface Sized {
  readonly keys: {
    readonly pepper: Versions;
    readonly signing: Versions;
    readonly state?: Versions | undefined;
  };
  readonly organisation: object;
  readonly sms: object;
  readonly email: object;
  readonly voice: object | undefined;
  /** As the functions get it. */
  readonly decoys: string | undefined;
  readonly validSince?: string | undefined;
}

/** What is wrong where a policy without questions is already too long for one of the functions. */
export function policySizeProblem(
  policy: Policy,
  { keys, decoys, validSince, ...texts }: Sized,
): ConfigurationProblem | undefined {
  const taken = Buffer.byteLength(JSON.stringify(policy));
  const sets = textBytes(decoys);
  const [pepper, signing] = [keys.pepper.versions.length, keys.signing.versions.length];
  const state = keys.state?.versions.length ?? 1;
  const beside = Math.max(
    deliverBytes + textBytes(texts) + keyBytes * pepper,
    signingBytes + keyBytes * (pepper + signing + state),
    pageBytes + textBytes(texts.organisation) + keyBytes * (pepper + signing + state),
  );
  const since = validSince === undefined ? 0 : 'VALID_SINCE'.length + validSince.length;
  const room = environmentBytes - beside - sets - since;
  if (taken <= room) return undefined;
  const message =
    `it takes ${taken} bytes; use at most ${room}, which is what Lambda's environment has left beside ` +
    `${pepper} pepper, ${signing} signing and ${state} state versions: fewer countries, or fewer versions`;
  return { field: 'policy', message };
}

export function textBytes(value: unknown): number {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).reduce((sum, each) => sum + textBytes(each), 0);
  }
  return value === undefined ? 0 : Buffer.byteLength(String(value));
}
