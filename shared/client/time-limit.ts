/** Time limits that leave nothing behind: a program that makes many calls keeps no timer of those that ended. */

export interface TimeLimit {
  /** Aborts when the time is over, or with whatever else ends the work. */
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  isOver(): boolean;
  /** To be called when the work is done. */
  end(): void;
}

/** @param outer ends the work too, with its own reason */
export function timeLimit(seconds: number, outer?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let isOver = false;
  const stop = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort(new DOMException('the time limit is over', 'TimeoutError'));
  }, seconds * 1000);
  timer.unref();
  if (outer?.aborted) stop();
  else outer?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
