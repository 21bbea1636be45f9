/** What a challenge's owner may see of it. */
import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import {
  type ChallengeView,
  challengeKeyOf,
  type Delivery,
  type DeliveryStatus,
  takenAt,
} from '../user-record/challenge.ts';
import { findChallenge } from '../user-record/find-challenge.ts';
import type { UserStore } from '../user-record/user-store.ts';
import { isExhausted, isOpen, isSolved } from './challenge-state.ts';
import { viewOf } from './challenge-view.ts';
import { cooldownOf } from './cooldown.ts';

export interface ChallengeStatus extends ChallengeView {
  readonly status: 'pending' | 'verified' | 'closed';
  readonly delivery: 'queued' | 'sent' | 'failed';
}

/**
 * Milliseconds for which every message is said to be queued, after it was asked for and after each time that a worker
 * took it. A decoy’s is over as soon as a worker sees it; a real one’s only after the carrier answered, which the person
 * who asks must not be able to time. One short repetition fits into the first.
 */
const undisclosedMilliseconds = { asked: 3_000, taken: 1_000 };

/** The API has no word for a code that a resend will send first. */
const disclosed = {
  'not-sent': 'failed',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  failed: 'failed',
} as const satisfies Record<DeliveryStatus, ChallengeStatus['delivery']>;

function disclosedAt(delivery: Delivery): number {
  const { asked, taken } = undisclosedMilliseconds;
  return Math.max(delivery.at + asked, takenAt(delivery) + taken);
}

/** One DynamoDB request. `undefined` for a challenge that is unknown, another client's or long gone. */
export async function readChallenge(
  challengeId: string,
  client: string,
  ports: { readonly users: UserStore; readonly clock: Clock; readonly keyring: Keyring },
): Promise<ChallengeStatus | undefined> {
  const address = readChallengeId(challengeId);
  if (address?.kind !== 'otp' || address.purpose === 'caller') return undefined;
  const challengeKey = challengeKeyOf(client, address);
  const record = await ports.users.read(address.locator);
  const challenge = findChallenge(record, challengeKey, challengeId);
  if (record === undefined || challenge === undefined) return undefined;
  const { status } = challenge.delivery;
  const now = ports.clock.now();
  const open =
    record.challenges[challengeKey] === challenge &&
    isOpen(challenge, now, ports.keyring) &&
    !isExhausted(challenge);
  const verified = isSolved(challenge, ports.keyring);
  const isDisclosed = verified || now >= disclosedAt(challenge.delivery);
  const { until } = cooldownOf(record, challenge, now, ports.keyring);
  return {
    ...viewOf(challenge, record.locator, ports.keyring, until),
    status: verified ? 'verified' : open ? 'pending' : 'closed',
    delivery: isDisclosed ? disclosed[status] : 'queued',
  };
}
