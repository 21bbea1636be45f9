/** Endings of user names by which two connections of directories could give one name. */
import type { ConfigurationProblem } from './problems.ts';

interface Connection {
  readonly userNameEndings?: readonly string[] | undefined;
}

/**
 * Two endings meet where one ends with the other, and where the stage takes both off names before it compares them.
 *
 * @param same `names.same` of the stage
 */
export function sharedEndingProblem(
  connections: readonly Connection[],
  same: readonly string[],
): ConfigurationProblem | undefined {
  const takenOff = same.map((part) => part.toLowerCase());
  const endings = connections.flatMap(({ userNameEndings = [] }, connection) =>
    userNameEndings.map((ending, place) => ({ text: ending.toLowerCase(), connection, place })),
  );
  for (const [at, later] of endings.entries()) {
    const meeting = endings.slice(0, at).find(({ text, connection }) => {
      const isTakenOff = takenOff.includes(text) && takenOff.includes(later.text);
      const isOneName = text.endsWith(later.text) || later.text.endsWith(text) || isTakenOff;
      return connection !== later.connection && isOneName;
    });
    if (meeting === undefined) continue;
    return {
      field: `directory.connections.${later.connection}.userNameEndings.${later.place}`,
      message: `a name with it could be one of connections.${meeting.connection}`,
    };
  }
  return undefined;
}
