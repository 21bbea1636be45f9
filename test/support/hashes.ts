/** Counts hashes of answers and codes: the only part of a check whose time could tell what was wrong. */
import { createHook } from 'node:async_hooks';

/** @returns what `run` resolves to, and how many argon2id hashes this process began meanwhile. */
export async function countingHashes<T>(run: () => Promise<T>): Promise<{ result: T; hashes: number }> {
  let hashes = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'ARGON2REQUEST') hashes += 1;
    },
  }).enable();
  try {
    return { result: await run(), hashes };
  } finally {
    hook.disable();
  }
}
