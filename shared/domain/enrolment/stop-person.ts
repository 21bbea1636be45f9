/** "That was not me": ends what is open for a person and stops the fallback until the help desk unlocks. */
import { withPersonStop } from '../attempts/person-stop.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Clock } from '../clock.ts';
import { decryptEnrolled, encryptEnrolled } from '../contact/contact.ts';
import { type NotMeLink, readNotMeToken } from '../contact/not-me-link.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Policy } from '../policy/policy.ts';
import type { Superseded } from '../user-record/challenge.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { endedAt } from './remove-user.ts';

interface StopPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

export type StopOutcome =
  | {
      readonly kind: 'stopped';
      readonly user: string;
      /** Steps of recoveries that were open; who has the workflow ends them. */
      readonly recoveries: readonly Superseded[];
    }
  /** Ended, expired or forged: nobody learns which. */
  | { readonly kind: 'over' };

/** Whether the link still stops anything. Changes nothing, since mail scanners open links. One DynamoDB request. */
export async function isLinkGood(token: string, ports: StopPorts): Promise<boolean> {
  const link = readNotMeToken(token, ports.clock.now(), ports.keyring);
  const record = link && (await ports.users.read(link.locator));
  return record !== undefined && isGoodFor(link as NotMeLink, record, ports.keyring);
}

/** The stop ends every link that left before it. Of two requests at once, one write stops. */
export async function stopPerson(token: string, ports: StopPorts): Promise<StopOutcome> {
  const { users, clock, keyring } = ports;
  const link = readNotMeToken(token, clock.now(), keyring);
  if (link === undefined) return { kind: 'over' };
  const { outcome } = await updateUser(users, link.locator, (record) => decideStop(link, record, ports));
  return outcome;
}

function isGoodFor({ at }: NotMeLink, { enrolment, locator }: UserRecord, keyring: Keyring): boolean {
  if (enrolment === undefined) return false;
  const { stoppedAt = Number.NEGATIVE_INFINITY } = decryptEnrolled(enrolment.contact, locator, keyring);
  return at > stoppedAt;
}

function decideStop(
  link: NotMeLink,
  found: UserRecord,
  { clock, keyring, policy }: StopPorts,
): Decision<StopOutcome> {
  const { enrolment, locator } = found;
  if (enrolment === undefined || !isGoodFor(link, found, keyring)) return { outcome: { kind: 'over' } };
  const now = clock.now();
  const record = withPersonStop(reconcileAttempts(found, keyring, now, policy.lockout));
  // With the stop in it, addresses that changed lately are on hold once more.
  const contact = { ...decryptEnrolled(enrolment.contact, locator, keyring), stoppedAt: now };
  const notices = Object.entries(record.notices).filter(([, { codes }]) => codes === undefined);
  return {
    outcome: { kind: 'stopped', user: locator, recoveries: openSteps(record, now, keyring) },
    after: {
      ...record,
      enrolment: { ...enrolment, contact: encryptEnrolled(contact, locator, keyring) },
      challenges: endedCodes(record.challenges, now, keyring),
      kbaChallenges: endedAt(record.kbaChallenges, now),
      codeBatches: {},
      notices: Object.fromEntries(notices),
      helpDesk: {
        ...record.helpDesk,
        // The person may mean the caller who got them. The next caller is verified anew.
        proofs: record.helpDesk.proofs.map((proof) => ({ ...proof, used: true }) as const),
      },
    },
  };
}

/** But for callers’, since unlocking needs them. What was solved stays as it was: its code is bound to its end. */
function endedCodes(
  challenges: UserRecord['challenges'],
  now: number,
  keyring: Keyring,
): UserRecord['challenges'] {
  const ended = Object.entries(challenges).map(([challengeKey, challenge]) => {
    const isKept = challenge.purpose === 'caller' || winningAttempt(challenge, keyring) !== undefined;
    const end = Math.min(challenge.expiresAt, now);
    return [challengeKey, isKept ? challenge : { ...challenge, expiresAt: end }] as const;
  });
  return Object.fromEntries(ended);
}

function openSteps(
  { challenges, kbaChallenges }: UserRecord,
  now: number,
  keyring: Keyring,
): readonly Superseded[] {
  const unsolved = Object.values(challenges).filter((one) => winningAttempt(one, keyring) === undefined);
  const unverified = Object.values(kbaChallenges).filter(({ verified }) => verified === undefined);
  return [...unsolved, ...unverified].flatMap(({ id: challengeId, recovery, expiresAt }) =>
    recovery === undefined || expiresAt <= now ? [] : [{ recovery, challengeId }],
  );
}
