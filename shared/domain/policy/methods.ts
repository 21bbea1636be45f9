/** By which methods a person can be reached, and which are offered to anyone. */
import type { Purpose } from '../identifiers/challenge-id.ts';
import { type Method, methods, type Policy } from './policy.ts';

/** Methods that policy and configuration offer to anyone. A recovery's code goes to the alternate email alone. */
export function offeredMethods(
  policy: Policy,
  voice: boolean,
  purpose: Purpose = 'sign-in',
): readonly Method[] {
  if (purpose === 'recovery') return ['Email'];
  return methods.filter((method) => methodRuledOutBy(method, policy, voice) === undefined);
}

/** The field that rules the method out for everybody. */
export function methodRuledOutBy(
  method: Method,
  { mfaMethod }: Policy,
  voice: boolean,
): 'policy.mfaMethod' | 'voice' | undefined {
  if (mfaMethod !== 'All' && mfaMethod !== method) return 'policy.mfaMethod';
  return method === 'Call' && !voice ? 'voice' : undefined;
}

/** SMS and calls to one number share their count. */
export const addressKinds = ['phone', 'email', 'alternateEmail'] as const;
export type AddressKind = (typeof addressKinds)[number];

export function addressKindOf(method: Method): 'phone' | 'email' {
  return method === 'Email' ? 'email' : 'phone';
}
