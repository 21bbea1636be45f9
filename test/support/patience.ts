/** Waiting as the domain does, and for as long as it takes a busy machine. */
import type { PollUntil } from '../../shared/domain/clock.ts';

export const patiently: PollUntil = async (look) => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
