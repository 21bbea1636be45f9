/** How the domain waits for something that another process is about to write. */
import type { PollUntil } from '../domain/clock.ts';

const patience = { limitMilliseconds: 800, pauseMilliseconds: 40 } as const;

/** Looks again for up to 800 ms, the time a workflow may take for its next step. Resolves to what the last look found. */
export const pollUntil: PollUntil = async (look) => {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined || performance.now() - begun >= patience.limitMilliseconds) return found;
    await new Promise((resolve) => setTimeout(resolve, patience.pauseMilliseconds));
  }
};
