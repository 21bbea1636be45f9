/** The least that argon2id takes, for the tests: in their own process, and in the functions of their stacks. */
import type { Argon2idCost } from '../../shared/domain/crypto/argon2id-cost.ts';

export const currentCost: Argon2idCost = { memory: 8, passes: 1, parallelism: 1 };
