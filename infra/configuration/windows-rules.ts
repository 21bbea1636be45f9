/** Rules of the groups of PCs: each name and key once, and all of them in one function's environment. */
import type { WindowsGroup } from '../../shared/domain/policy/windows-group.ts';
import { environmentBytes, keyBytes, textBytes } from './environment-size.ts';
import { type ConfigurationProblem, refusal } from './problems.ts';

const field = 'windows.groups';

export function repeatedGroupProblem(groups: readonly WindowsGroup[]): ConfigurationProblem | undefined {
  const twice = (all: readonly string[]) => all.find((each, place) => all.indexOf(each) !== place);
  const name = twice(groups.map((group) => group.name));
  if (name !== undefined) return { field, message: refusal(name, 'each name once') };
  const key = twice(groups.flatMap(({ keys }) => keys));
  return key === undefined
    ? undefined
    : { field, message: refusal(key, 'each key in one group, and there once') };
}

/** Names of variables, the table, the queues and the workflow of the door. */
const doorBytes = 1_000;

interface Beside {
  readonly policy: object;
  /** How many versions of the pepper key there are. */
  readonly pepper: number;
  readonly organisation: object;
  readonly decoys: object | undefined;
}

export function groupsSizeProblem(
  groups: readonly WindowsGroup[],
  { policy, pepper, organisation, decoys }: Beside,
): ConfigurationProblem | undefined {
  const jsonBytes = (value: object | undefined) =>
    value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
  const beside =
    doorBytes + jsonBytes(policy) + jsonBytes(decoys) + textBytes(organisation) + keyBytes * pepper;
  const [taken, room] = [jsonBytes(groups), environmentBytes - beside];
  if (taken <= room) return undefined;
  const message =
    `it takes ${taken} bytes; use at most ${room}, which is what Lambda's environment has left beside the policy: ` +
    'fewer groups, or end the keys that were replaced';
  return { field, message };
}
