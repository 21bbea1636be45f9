/** Says in a terminal what the screen of a PC keeps to itself: that nothing answered, or something else did. */

type Send = typeof fetch;

/**
 * @param say gets a line where no credential provider could read the answer: an address without a server, a path
 * without a backend, a body of somebody in between
 */
export function watched(send: Send, say: (line: string) => void): Send {
  return async (input, init) => {
    const { origin } = new URL(String(input));
    const answer = await send(input, init).catch((error: unknown) => {
      say(`${origin} does not answer${reasonOf(error)}: is the host right, and is it up?`);
      throw error;
    });
    if (!isOfTheDoor(await answer.clone().text()))
      say(`${origin} answered ${answer.status}, but not as this door does: is the path right, and is it up?`);
    return answer;
  };
}

function isOfTheDoor(body: string): boolean {
  try {
    return 'result' in JSON.parse(body);
  } catch {
    return false;
  }
}

/** Of a system's error, for example `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}
