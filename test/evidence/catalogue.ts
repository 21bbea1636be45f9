/** Every measurement that the program knows, in the order of the table. */
import { conformance } from './conformance.ts';
import { enumeration } from './enumeration/measure.ts';
import { faults } from './faults.ts';
import { forgery } from './forgery/measure.ts';
import { importing } from './import.ts';
import { leaks } from './leaks.ts';
import { load } from './load.ts';
import { matrices } from './matrices.ts';
import type { Measurement } from './measurement.ts';
import { memory } from './memory.ts';
import { pace } from './pace.ts';
import { quotas } from './quotas.ts';
import { races } from './races/measure.ts';
import { soak } from './soak/measure.ts';
import { firstSync } from './sync.ts';
import { timing } from './timing/measure.ts';
import { uniformity } from './uniformity.ts';

// A limit that policy gains gets a row here: its race in races/ or quotas.ts, its rule in soak/rules.
export const catalogue: readonly Measurement[] = [
  races,
  quotas,
  timing,
  enumeration,
  leaks,
  forgery,
  faults,
  matrices,
  soak,
  uniformity,
  load,
  pace,
  importing,
  memory,
  firstSync,
  conformance,
];
