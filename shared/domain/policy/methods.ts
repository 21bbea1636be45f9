/** By which methods a person can be reached, and which are offered to anyone. */
import type { Purpose } from '../identifiers/challenge-id.ts';
import type { Method, Policy } from './policy.ts';

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

/** SMS and calls to one number share their count. */
export const addressKinds = ['phone', 'email', 'alternateEmail'] as const;
export type AddressKind = (typeof addressKinds)[number];

export function addressKindOf(method: Method): 'phone' | 'email' {
  return method === 'Email' ? 'email' : 'phone';
}
