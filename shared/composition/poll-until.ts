/** How the domain waits for what another process is about to write. */
import type { PollUntil } from '../domain/clock.ts';

const patience = { limitMilliseconds: 800, pauseMilliseconds: 40 } as const;

/** For as long as the next step of a workflow may take; slow looks make it fewer, not longer. */
export const pollUntil: PollUntil = async (look) => {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined || performance.now() - begun >= patience.limitMilliseconds) return found;
    await new Promise((resolve) => setTimeout(resolve, patience.pauseMilliseconds));
  }
};
