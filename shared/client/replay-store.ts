/** Which assertions were accepted before: each is good once. */

export interface ReplayStore {
  /**
   * True for one caller of an id, however many ask at once and on however many servers; false for every other one.
   * Kept until `expiresAt`, when the assertion itself is over. With Redis: `SET key 1 NX EXAT …`.
   *
   * @throws when it cannot be told: the assertion is not accepted then
   */
  claim(id: string, expiresAt: Date): boolean | Promise<boolean>;
}

/** Two minutes of eight hundred sign-ins a second, in some 15 MB. */
const defaultCapacity = 100_000;

/**
 * For one server: another one, or a restart, does not know what this one has seen.
 *
 * @param settings.now the clock of the check; one that is ahead would forget too early
 */
export function memoryReplayStore({
  capacity = defaultCapacity,
  now = () => new Date(),
}: {
  readonly capacity?: number;
  readonly now?: () => Date;
} = {}): ReplayStore {
  const seen = new Map<string, number>();
  const forgetExpired = () => {
    const time = now().getTime();
    for (const [id, until] of seen) if (until <= time) seen.delete(id);
  };
  return {
    claim(id, expiresAt) {
      const until = seen.get(id);
      if (until !== undefined && until > now().getTime()) return false;
      if (seen.size >= capacity) forgetExpired();
      // What is full and forgets what lives would let an assertion in twice.
      if (seen.size >= capacity) throw new Error(`more than ${capacity} assertions are alive`);
      seen.set(id, expiresAt.getTime());
      return true;
    },
  };
}
