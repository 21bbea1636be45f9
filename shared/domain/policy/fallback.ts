/** Whether the mode lets anybody use a code instead of the key. */
import type { Policy } from './policy.ts';

/** In `DirectFidoAuth` people sign in with their key alone: no code, question or backup code works. */
export function forbidsFallback({ mode }: Pick<Policy, 'mode'>): boolean {
  return mode === 'DirectFidoAuth';
}
