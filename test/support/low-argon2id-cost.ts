/** The least that argon2id takes, for tests in this process; the functions of a stack hash at the full cost. */
import type { Argon2idCost } from '../../shared/domain/crypto/argon2id-cost.ts';

export const currentCost: Argon2idCost = { memory: 8, passes: 1, parallelism: 1 };
