/** Options that npm took for its own because they stood before `--`, or without it. */
import { UsageError } from '../usage-error.ts';

const kept = ['stage', 'stages', 'set', 'get', 'enable', 'disable'];

/**
 * @param call what is typed before the command.
 * @throws {UsageError} rather than change another stage than the one that was named, or nothing.
 */
export function refuseKeptByNpm(
  environment: Readonly<Record<string, string | undefined>>,
  call: string,
): void {
  const name = kept.find((each) => environment[`npm_config_${each}`]);
  if (name === undefined) return;
  throw new UsageError(
    `--${name}: npm keeps it to itself; put -- before it, as in ${call} <command> --${name}`,
  );
}
