/** What one hash of an answer or a backup code costs whoever computes it. */

/** Memory in KiB, passes over it, lanes. */
export interface Argon2idCost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The t=2 setting of the OWASP cheat sheet and ASVS 11.4.2: about 70 ms of a core. */
export const currentCost: Argon2idCost = { memory: 19_456, passes: 2, parallelism: 1 };
