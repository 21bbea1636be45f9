/** How often the help desk acts: each operator and each client in an hour, over all acts together. */
import { hmac128, type Keyring } from '../crypto/keyring.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { RateWindow } from '../limits/send-windows.ts';
import type { Policy } from '../policy/policy.ts';
import type { Operator } from './operator.ts';

interface LimitPorts {
  readonly limiter: RateLimiter;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

/** Something else that an act uses up, and that may refuse it. */
interface Counted {
  readonly counter: string;
  readonly reservation: string;
  readonly windows: readonly RateWindow[];
}

const hour = 3_600_000;

/**
 * Counts one act. The operator first: what one is refused takes nothing from the others. Where the client or what
 * comes after it is refused, the counts before it are taken back, since refusals do not count.
 *
 * @param request the same act counts once, however often its write is tried again
 * @param also what is counted after operator and client
 * @returns when the next act is allowed, or `undefined` when this one is
 */
export async function countAct(
  { key, client }: Operator,
  request: string,
  now: number,
  { limiter, keyring, policy }: LimitPorts,
  ...also: readonly Counted[]
): Promise<{ readonly kind: 'rate-limited'; readonly retryAt: number } | undefined> {
  const own = limitsOf({ client, operator: key }, keyring, policy);
  const reserved: Counted[] = [];
  for (const limit of [...own.map((limit) => ({ ...limit, reservation: request })), ...also]) {
    const counted = await limiter.reserve(limit.counter, limit.reservation, now, limit.windows);
    if (counted === 'reserved') {
      reserved.push(limit);
      continue;
    }
    for (const { counter, reservation } of reserved) await limiter.release(counter, reservation);
    return { kind: 'rate-limited', retryAt: counted.retryAt };
  }
  return undefined;
}

/** A wrong code of a caller, which has been judged already. Where there is no room left, the next act is refused. */
export async function countWrongCode(
  who: { readonly operator: string; readonly client: string },
  request: string,
  now: number,
  { limiter, keyring, policy }: LimitPorts,
): Promise<void> {
  for (const { counter, windows } of limitsOf(who, keyring, policy))
    await limiter.reserve(counter, `${request} wrong`, now, windows);
}

/** Of the operator, by their key, and of the client. */
function limitsOf(
  { operator, client }: { readonly operator: string; readonly client: string },
  keyring: Keyring,
  { helpDesk }: Policy,
) {
  const limit = (most: number, ...who: readonly string[]) => ({
    counter: hmac128(keyring.key('destination', keyring.first), 'help-desk', ...who),
    windows: [{ limit: most, milliseconds: hour }],
  });
  return [limit(helpDesk.perOperatorPerHour, client, operator), limit(helpDesk.perClientPerHour, client)];
}
