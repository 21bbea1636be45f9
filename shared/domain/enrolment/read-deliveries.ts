/** What the help desk reads of a person's messages: those that ended, and those on their way; never a code. */

import { type Contact, decryptContact } from '../contact/contact.ts';
import { maskEmail, maskPhone } from '../contact/mask.ts';
import {
  type DeliveryLog,
  type DeliveryNote,
  decryptNotes,
  deliveriesKept,
} from '../delivery/delivery-log.ts';
import type { Person } from '../names/person.ts';
import type { OtpChallenge } from '../user-record/challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { EnrolmentPorts } from './enrolment-ports.ts';

interface DeliveriesPorts extends EnrolmentPorts {
  readonly deliveryLog: DeliveryLog;
}

/** Newest first; `undefined` for a user who is not enrolled. One DynamoDB request. */
export async function readDeliveries(
  { key: locator, record }: Person,
  { deliveryLog, keyring, clock }: DeliveriesPorts,
): Promise<readonly DeliveryNote[] | undefined> {
  if (record.enrolment === undefined) return undefined;
  const kept = await deliveryLog.read(locator);
  const now = clock.now();
  const contact = decryptContact(record.enrolment.contact, locator, keyring);
  const ended = decryptNotes(kept, locator, now, keyring);
  return [...onTheirWay(record, contact, ended, now), ...ended]
    .toSorted((one, other) => other.at - one.at)
    .slice(0, deliveriesKept);
}

/** Codes that no worker has ended yet and that one may still send. One that was tried has a line already. */
function onTheirWay(
  { challenges }: UserRecord,
  contact: Contact,
  ended: readonly DeliveryNote[],
  now: number,
): readonly DeliveryNote[] {
  return Object.values(challenges).flatMap((challenge) => {
    const { status, at, method, isDeliverable } = challenge.delivery;
    const isTried = ended.some((note) => note.at >= at && note.purpose === challenge.purpose);
    const isOver = challenge.expiresAt <= now || (status !== 'queued' && status !== 'sending');
    if (!isDeliverable || isTried || isOver) return [];
    const destination = destinationOf(challenge, contact);
    return destination === undefined
      ? []
      : [{ at, method, destination, purpose: challenge.purpose, outcome: 'queued' as const }];
  });
}

function destinationOf({ purpose, caller, delivery }: OtpChallenge, contact: Contact): string | undefined {
  const kind =
    caller?.address ??
    (purpose === 'recovery' ? 'alternateEmail' : delivery.method === 'Email' ? 'email' : 'phone');
  if (kind === 'phone') return contact.phone && maskPhone(contact.phone.number);
  const address = contact[kind];
  return address === undefined ? undefined : maskEmail(address);
}
