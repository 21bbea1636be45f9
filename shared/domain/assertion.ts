/** The assertion: what a verification is worth, said to one client, signed, for two minutes. */
import { hmac128, type Keyring } from './crypto/keyring.ts';
import type { AssertedPurpose } from './identifiers/challenge-id.ts';
import type { RecoveryPath } from './policy/recovery-paths.ts';
import type { Authenticator } from './user-record/user-record.ts';

export interface Signer {
  readonly keyId: string;
  sign(input: string): Promise<Uint8Array>;
}

/** One authenticator, or what the path of a recovery adds up to. */
export type AuthenticatorOrPath = Authenticator | RecoveryPath;

/** Values of RFC 8176 §2 where there is one; there is none for email. */
const references: Readonly<Record<AuthenticatorOrPath, readonly string[]>> = {
  SMS: ['otp', 'sms'],
  Call: ['otp', 'tel'],
  Email: ['otp'],
  kba: ['kba'],
  'backup-code': ['otp'],
  'otp-alternate-email': ['otp'],
  'kba+otp-alternate-email': ['kba', 'otp'],
};

const contexts: Readonly<Record<AuthenticatorOrPath, string>> = {
  SMS: 'otp-pstn',
  Call: 'otp-pstn',
  Email: 'otp-email',
  kba: 'kba',
  'backup-code': 'backup-code',
  'otp-alternate-email': 'otp-email',
  'kba+otp-alternate-email': 'kba+otp-email',
};

/** Every `acr` that a proof may have. */
export const acrValues: readonly string[] = [...new Set(Object.values(contexts))].map(urnOf);

/** Never one that claims resistance to phishing: a code that a person types can be typed anywhere. */
export function contextOf(authenticator: AuthenticatorOrPath): string {
  return urnOf(contexts[authenticator]);
}

function urnOf(context: string): string {
  return `urn:mfa-fallback:acr:${context}`;
}

export function methodsOf(authenticator: AuthenticatorOrPath): readonly string[] {
  return references[authenticator];
}

const lifetimeSeconds = 120;

export interface Verification {
  /** What was verified; gives the assertion its `jti`, so that the same verification has one assertion. */
  readonly id: string;
  /** As enrolled. */
  readonly userId: string;
  /** As the client asked for. */
  readonly name: string;
  readonly client: string;
  readonly purpose: AssertedPurpose;
  readonly authenticator: AuthenticatorOrPath;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A compact JWS (RFC 7515 §7.1) of type `mfa-fallback+jwt` (RFC 8725 §3.11), its audience the client alone. */
export async function assertionFor(
  verification: Verification,
  issuer: string,
  signer: Signer,
  keyring: Keyring,
): Promise<string> {
  const { id, userId, name, client, purpose, authenticator, at } = verification;
  const issuedAt = Math.floor(at / 1000);
  const header = { alg: 'RS256', typ: 'mfa-fallback+jwt', kid: signer.keyId };
  const claims = {
    iss: issuer,
    sub: userId,
    preferred_username: name,
    aud: client,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    jti: hmac128(keyring.key('jti', keyring.first), id),
    purpose,
    amr: methodsOf(authenticator),
    acr: contextOf(authenticator),
  };
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${Buffer.from(await signer.sign(input)).toString('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
