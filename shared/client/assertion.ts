/** The check of an assertion: everything that a client has to look at before it lets somebody in, in one call. */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ClientFault } from './fault.ts';
import { memoryReplayStore, type ReplayStore } from './replay-store.ts';
import type { AssertionClaims } from './schema.ts';

/** The claim or the part that is not as it must be. */
export type AssertionFault =
  | 'form'
  | 'signature'
  | 'alg'
  | 'typ'
  | 'iss'
  | 'aud'
  | 'iat'
  | 'nbf'
  | 'exp'
  | 'sub'
  | 'purpose'
  | 'preferred_username'
  | 'jti';

/** Thrown, so that who forgets to look lets nobody in. */
export class AssertionRefused extends Error {
  override readonly name = 'AssertionRefused';
  readonly fault: AssertionFault;

  constructor(fault: AssertionFault, options?: ErrorOptions) {
    super(`the assertion is refused: ${fault}`, options);
    this.fault = fault;
  }
}

export interface AssertionRules {
  /** The deployment: its ApiUrl, or its domain. Not the stack's output Issuer, which is that of access tokens. */
  readonly issuer: string;
  /** The client that asked: the client id of its access tokens. */
  readonly audience: string;
  /** Shared between all servers that take assertions for this client. Left out: in this process's memory. */
  readonly replays?: ReplayStore | undefined;
  /** How far clocks may differ. Left out: 5. */
  readonly clockToleranceSeconds?: number | undefined;
  /** The time to check by; real time when left out. */
  readonly now?: (() => Date) | undefined;
  /** Keys from elsewhere than the deployment's own /.well-known/jwks.json. */
  readonly keys?: JWTVerifyGetKey | undefined;
}

export interface Expected {
  /** The name as the challenge or the recovery was started with. */
  readonly userId: string;
  /** Left out: `sign-in`. */
  readonly purpose?: AssertionClaims['purpose'] | undefined;
}

/** @throws AssertionRefused; ClientFault when the keys are not to be had */
export type AssertionCheck = (assertion: string, expected: Expected) => Promise<AssertionClaims>;

const longestLifeSeconds = 120;
const keyCacheMilliseconds = 300_000;

export function assertionCheck({
  issuer,
  audience,
  clockToleranceSeconds = 5,
  now = () => new Date(),
  replays = memoryReplayStore({ now }),
  keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    cacheMaxAge: keyCacheMilliseconds,
  }),
}: AssertionRules): AssertionCheck {
  return async (assertion, { userId, purpose = 'sign-in' }) => {
    const { payload } = await jwtVerify(assertion, keys, {
      issuer,
      audience,
      typ: 'mfa-fallback+jwt',
      algorithms: ['RS256'],
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: longestLifeSeconds,
      requiredClaims: ['sub', 'exp', 'iat', 'jti', 'purpose'],
      currentDate: now(),
    }).catch((cause: unknown) => {
      throw refusal(cause);
    });
    const claims = payload as JWTPayload & AssertionClaims;
    // jose takes a list that holds the audience; this assertion is for one client alone.
    if (claims.aud !== audience) throw new AssertionRefused('aud');
    if (claims.exp - claims.iat > longestLifeSeconds) throw new AssertionRefused('exp');
    if (claims.purpose !== purpose) throw new AssertionRefused('purpose');
    // `sub` is the name as enrolled, which may be another one of the same person.
    if (claims.preferred_username !== userId.trim()) throw new AssertionRefused('preferred_username');
    if (typeof claims.jti !== 'string' || claims.jti === '') throw new AssertionRefused('jti');
    // Twice: another server's clock, which accepts it as long after its end, may be as far behind this one's.
    const forgetAt = new Date((claims.exp + 2 * clockToleranceSeconds) * 1000);
    // Last, so that only what is otherwise good is used up.
    if (!(await replays.claim(claims.jti, forgetAt))) throw new AssertionRefused('jti');
    return claims;
  };
}

const claimFaults: readonly string[] = ['typ', 'iss', 'aud', 'iat', 'nbf', 'exp', 'sub', 'purpose', 'jti'];

function refusal(cause: unknown): Error {
  if (cause instanceof errors.JWTClaimValidationFailed || cause instanceof errors.JWTExpired) {
    const fault = claimFaults.includes(cause.claim) ? (cause.claim as AssertionFault) : 'form';
    // An assertion older than it may live is as over as one that says so.
    return new AssertionRefused(cause instanceof errors.JWTExpired ? 'exp' : fault, { cause });
  }
  if (cause instanceof errors.JWSSignatureVerificationFailed || cause instanceof errors.JWKSNoMatchingKey)
    return new AssertionRefused('signature', { cause });
  if (cause instanceof errors.JOSEAlgNotAllowed) return new AssertionRefused('alg', { cause });
  if (cause instanceof errors.JWSInvalid || cause instanceof errors.JWTInvalid)
    return new AssertionRefused('form', { cause });
  return new ClientFault('no-answer', 'the keys of the assertions are not to be had', { cause });
}
