/** Where the code goes that a caller reads out: policy chooses the address, and nobody else does. */
import type { Contact } from '../contact/contact.ts';
import { withoutHeld } from '../contact/hold.ts';
import { maskEmail, maskPhone } from '../contact/mask.ts';
import type { Method, Policy } from '../policy/policy.ts';

type CallerAddress = Policy['helpDesk']['callerAddresses'][number];

export interface CallerDestination {
  readonly kind: CallerAddress;
  readonly method: Method;
  readonly to: string;
  readonly masked: string;
}

/**
 * The first address of policy's list that the person has, that is not on hold, and that policy lets a message go to; `undefined` when there is
 * none. Full quotas and carriers that are down do not count: whoever brings them about must not change the proof.
 */
export function callerDestination(
  enrolled: Contact,
  policy: Policy,
  voice: boolean,
  now: number,
): CallerDestination | undefined {
  const { helpDesk, sends } = policy;
  const contact = withoutHeld(enrolled, policy, now);
  for (const kind of helpDesk.callerAddresses) {
    if (kind !== 'phone') {
      const to = contact[kind];
      if (to !== undefined) return { kind, method: 'Email', to, masked: maskEmail(to) };
      continue;
    }
    const { phone } = contact;
    if (phone === undefined || !sends.countries.includes(phone.country)) continue;
    if (phone.landline && !voice) continue;
    const method = phone.landline ? 'Call' : 'SMS';
    return { kind, method, to: phone.number, masked: maskPhone(phone.number) };
  }
  return undefined;
}
