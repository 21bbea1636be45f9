/** Waits where the API asks for it: one refusal slows down every request, and long silence ends the work. */
import { ClientFault } from '../../../../shared/client/fault.ts';
import type { Problem, Result } from '../../../../shared/client/problem.ts';

const firstPauseSeconds = 0.5;
const longestPauseSeconds = 30;
const silenceSeconds = 600;

export interface Patience {
  /** Repeats what was not accepted: 429 of the gateway, 503, and what was lost on the way. */
  follow<Value>(request: () => Promise<Result<Value>>): Promise<Result<Value>>;
}

interface Watch {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

const realWatch: Watch = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** @throws ClientFault once nothing was accepted for ten minutes, and at once where nobody has ever answered */
export function patience({ now, sleep }: Watch = realWatch): Patience {
  let openAt = 0;
  let pauseSeconds = firstPauseSeconds;
  let heardAt = now();
  let hasHeard = false;

  const waitFor = (seconds: number): void => {
    if (now() < openAt) return; // somebody slowed it down a moment ago
    openAt = now() + Math.max(seconds, pauseSeconds) * 1000;
    pauseSeconds = Math.min(pauseSeconds * 2, longestPauseSeconds);
  };

  return {
    async follow(request) {
      for (;;) {
        while (now() < openAt) await sleep(openAt - now());
        const result = await request().catch(silent);
        if (!(result instanceof ClientFault)) {
          hasHeard = true;
          if (result.ok || result.problem.code !== 'unavailable') {
            heardAt = now();
            pauseSeconds = firstPauseSeconds;
            return result;
          }
          waitFor(retryAfterOf(result.problem));
        } else {
          if (!hasHeard) throw result; // a wrong address, or no network: waiting would say nothing for long
          waitFor(0);
        }
        if (now() - heardAt > silenceSeconds * 1000)
          throw new ClientFault(
            'no-answer',
            'the API accepted nothing for ten minutes; run the command again later',
          );
      }
    },
  };
}

function silent(cause: unknown): ClientFault {
  if (cause instanceof ClientFault && cause.code === 'no-answer') return cause;
  throw cause;
}

const retryAfterOf = (problem: Problem): number =>
  problem.code === 'unavailable' ? (problem.retryAfterSeconds ?? 0) : 0;
