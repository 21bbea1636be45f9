/** By which methods a person can be reached, and which are offered to anyone. */
import type { Purpose } from './challenge-id.ts';
import type { Contact } from './contact.ts';
import type { Method, Policy } from './policy.ts';

/** Methods the person can be reached by; a number in a country that policy does not allow reaches nobody. */
export function enrolledMethods(contact: Contact, policy: Policy): readonly Method[] {
  const phone = contact.phone !== undefined && policy.sends.countries.includes(contact.phone.country);
  return [
    ...(phone ? (['SMS'] as const) : []),
    ...(contact.email === undefined ? [] : (['Email'] as const)),
    ...(phone ? (['Call'] as const) : []),
  ];
}

/** Methods that policy and configuration offer to anyone. A recovery's code goes to the alternate email alone. */
export function offeredMethods(
  policy: Policy,
  voice: boolean,
  purpose: Purpose = 'sign-in',
): readonly Method[] {
  if (purpose === 'recovery') return ['Email'];
  const named: readonly Method[] = policy.mfaMethod === 'All' ? ['SMS', 'Email', 'Call'] : [policy.mfaMethod];
  return voice ? named : named.filter((method) => method !== 'Call');
}
