/** New addresses on hold: while a person has an older address, no code goes to one that was changed lately. */
import { type AddressKind, addressKinds } from '../policy/methods.ts';
import type { Policy } from '../policy/policy.ts';
import type { Contact } from './contact.ts';

/** How far back a stop by the person reaches: what was changed in these days before it is on hold once more. */
const doubtedMilliseconds = 7 * 86_400_000;

/** When the hold of an address ends, by its kind; epoch milliseconds. What is not on hold is not there. */
export type Holds = Readonly<Partial<Record<AddressKind, number>>>;

/** Addresses of the first enrolment are of one age. A number that policy sends nothing to is no older address. */
export function holdsOf(contact: Contact, { enrolment, sends }: Policy, now: number): Holds {
  const isUsed = (kind: AddressKind) =>
    kind === 'phone'
      ? contact.phone !== undefined && sends.countries.includes(contact.phone.country)
      : contact[kind] !== undefined;
  const since = (kind: AddressKind) => contact.since?.[kind] ?? 0;
  const oldest = Math.min(...addressKinds.filter(isUsed).map(since));
  const held = addressKinds.flatMap((kind) => {
    const changedAt = since(kind);
    if (contact[kind] === undefined || changedAt <= oldest) return [];
    const until = begunAt(changedAt, contact.stoppedAt) + enrolment.holdHours * 3_600_000;
    return until > now ? [[kind, until] as const] : [];
  });
  return Object.fromEntries(held);
}

/** With the change, and again with a stop that came within days after it. */
function begunAt(changedAt: number, stoppedAt: number | undefined): number {
  if (stoppedAt === undefined || changedAt > stoppedAt) return changedAt;
  return changedAt > stoppedAt - doubtedMilliseconds ? stoppedAt : changedAt;
}

/** The contact as codes see it. Notices go to every address. */
export function withoutHeld(contact: Contact, policy: Policy, now: number): Contact {
  const held = Object.keys(holdsOf(contact, policy, now)).map((kind) => [kind, undefined]);
  return held.length === 0 ? contact : { ...contact, ...Object.fromEntries(held) };
}

/** Since when each address is what it is, after a change. Of the first enrolment nothing is noted. */
export function sinceAfter(
  before: Contact | undefined,
  after: Contact,
  changed: readonly AddressKind[],
  now: number,
): Contact['since'] {
  if (before === undefined) return undefined;
  const times = addressKinds.flatMap((kind) => {
    const at = changed.includes(kind) ? now : before.since?.[kind];
    return at === undefined || after[kind] === undefined ? [] : [[kind, at] as const];
  });
  return times.length === 0 ? undefined : Object.fromEntries(times);
}
