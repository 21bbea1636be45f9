/** A new challenge for a code, with its first delivery. */
import { encryptMasks } from '../challenge/masks.ts';
import { type Destination, profileOf } from '../contact/profile.ts';
import { encrypt } from '../crypto/encryption.ts';
import { type AssertedPurpose, newChallengeId, slotOf } from '../identifiers/challenge-id.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { resendCooldownMilliseconds } from '../limits/send-windows.ts';
import { nameForm } from '../names/name-form.ts';
import type { Person } from '../names/person.ts';
import { offeredMethods } from '../policy/methods.ts';
import type { Method } from '../policy/policy.ts';
import { type Language, spokenLanguage } from '../text/language.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { IssuePorts } from './issue.ts';
import { newDelivery, switchable } from './next-delivery.ts';

export interface StartRequest {
  readonly person: Person;
  /** Of access tokens, or `clientOfDoor`. */
  readonly client: string;
  readonly purpose: AssertedPurpose;
  /** The sign-in session at the client: a browser's, a logon's. Requests without it are one session. */
  readonly session?: string | undefined;
  /** The recovery that it is a step of, which is a session of its own. */
  readonly recovery?: string | undefined;
  readonly method?: Method | undefined;
  /** The methods that the client takes as an answer; all where it is absent. */
  readonly among?: readonly Method[] | undefined;
  /** The language of the client's page. */
  readonly locale?: Language | undefined;
  /** Its display name, for the person to recognise. */
  readonly device?: string | undefined;
  readonly idempotency?: Idempotency | undefined;
}

/** @param sendsInRow this delivery included; decides the resend cooldown */
export function newChallenge(
  record: UserRecord,
  { person, client, purpose, session, recovery, locale, device, among, method: wanted }: StartRequest,
  now: number,
  ports: IssuePorts,
  sendsInRow: number,
): { readonly challenge: OtpChallenge; readonly destination: Destination } {
  const { policy, keyring, voice, defaultLocale } = ports;
  const { locator } = record;
  const form = nameForm(person.name, ports.sameNames);
  const profile = profileOf(form, record, keyring, ports, purpose, now);
  const own = profile.locale === undefined ? undefined : spokenLanguage(profile.locale);
  const usual = profile.methods[0] ?? (offeredMethods(policy, voice, purpose)[0] as Method);
  const method = wanted ?? usual;
  const expiresAt = now + policy.otp.lifetimeSeconds * 1000;
  const slot = slotOf({ session, recovery });
  const masks = { phone: profile.destination('SMS').masked, email: profile.destination('Email').masked };
  const challenge: OtpChallenge = {
    id: newChallengeId({ kind: 'otp', purpose, locator, slot }),
    client,
    purpose,
    slot,
    startedAt: now,
    name: encrypt(person.name, locator, keyring),
    recovery,
    expiresAt,
    digits: policy.otp.digits,
    maxAttempts: policy.otp.attempts,
    device: device === undefined ? undefined : encrypt(device, locator, keyring),
    locale: own ?? locale ?? defaultLocale,
    promptLocale: locale ?? own ?? defaultLocale,
    methods: switchable(profile, method, purpose, ports),
    ...(among === undefined ? {} : { among }),
    masked: encryptMasks(masks, locator, keyring),
    delivery: newDelivery(1, method, 0, { client, record, profile, expiresAt, now, ports }),
    sendsInRow,
    resendAt: now + resendCooldownMilliseconds(sendsInRow, policy.sends),
    requests: [],
    attempts: [],
    reconciledUpTo: 0,
  };
  return { challenge, destination: profile.destination(method) };
}
