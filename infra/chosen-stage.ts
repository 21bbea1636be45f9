/** Which stage a synthesis is of: what the context, npm and the environment say of it, or why that is refused. */
import { ConfigurationError, type ConfigurationProblem, refusal } from './configuration/problems.ts';

export interface ChosenStage {
  readonly name: string;
  /** Of the stages' files; absent: the project's own. */
  readonly folder?: string | undefined;
  /** A JSON file whose policy stands in for the stage's own. */
  readonly policyPath?: string | undefined;
}

const keys = ['stage', 'stages'];

/** @throws ConfigurationError rather than build production for somebody who named another stage. */
export function chosenStage(
  context: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): ChosenStage {
  throwIfAny([...keptByNpm(environment), ...misspelled(Object.keys(context))]);
  const name = String(context['stage'] ?? 'production');
  const policyPath = environment['POLICY'] || undefined;
  if (policyPath !== undefined && name !== 'local') {
    const message = `it stands in for the policy of the stage local alone, and this is ${name}; unset it`;
    throwIfAny([{ field: 'POLICY', message }]);
  }
  const folder = context['stages'];
  return { name, folder: folder === undefined ? undefined : String(folder), policyPath };
}

/** npm has an option `-c` of its own, `--call`: without `--` before it the app never sees what was typed. */
function keptByNpm(environment: Readonly<Record<string, string | undefined>>): ConfigurationProblem[] {
  const kept = environment['npm_config_call'] ?? '';
  if (!/^stages?=/i.test(kept)) return [];
  const command = `npm run ${environment['npm_lifecycle_event'] ?? 'synth'} -- -c ${kept}`;
  return [{ field: `-c ${kept}`, message: `npm keeps it to itself; put -- before -c, as in ${command}` }];
}

function misspelled(names: readonly string[]): ConfigurationProblem[] {
  return names
    .filter((name) => !keys.includes(name) && keys.includes(name.toLowerCase()))
    .map((name) => ({ field: `-c ${name}`, message: refusal(name, name.toLowerCase()) }));
}

function throwIfAny(problems: readonly ConfigurationProblem[]): void {
  if (problems.length > 0) throw new ConfigurationError('what was asked for', problems);
}
