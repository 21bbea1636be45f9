/** Options that npm took for its own because they stood before `--`, or without it. */
import type { Command } from 'commander';
import { callOf } from './call.ts';
import { UsageError } from './usage-error.ts';

/**
 * npm says so by a variable for each of them.
 *
 * @throws {UsageError} rather than change another stage than the one that was named, or write in place of a dry run.
 */
export function refuseKeptByNpm(
  command: Command,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const kept = optionsOf(command).find((name) => environment[`npm_config_${name.replaceAll('-', '_')}`]);
  if (kept === undefined) return;
  throw new UsageError(
    `--${kept}: npm keeps it to itself; put -- before it, as in ${callOf(rootOf(command))} <command> --${kept}`,
  );
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

/** Long names, those of the commands above it included. */
function optionsOf(command: Command): string[] {
  const own = command.options.flatMap(({ long }) => (long === undefined ? [] : [long.replace(/^--/, '')]));
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}
