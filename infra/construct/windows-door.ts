/** The door of Windows logon screens: its function with its rights, and how many of its requests are worked on at once. */
import { concurrencyOf } from '../configuration/concurrency.ts';
import { codeQueues } from '../configuration/paces.ts';
import type { Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { RecoveryWorkflow } from './recovery.ts';

/** `undefined` without groups of PCs: then there is no such door, neither function nor routes. */
export function addWindowsDoor(foundation: Foundation): FallbackFunction | undefined {
  const { windows } = foundation.stage;
  if (windows === undefined) return undefined;
  const own = { WINDOWS_GROUPS: JSON.stringify(windows.groups) };
  const mostAtOnce = concurrencyOf('windows', windows);
  const description = 'Signs people in at the logon screen of Windows';
  const door = foundation.addFunction('windows', description, own, mostAtOnce);
  foundation.allowTable(
    door,
    'create',
    ['user', 'destination', 'recovery', 'dialogue'],
    ['name', 'restrictions'],
  );
  foundation.allowVerdicts(door);
  foundation.allowQueues(door, ...codeQueues, 'notice');
  RecoveryWorkflow.allowStarting(door.function);
  RecoveryWorkflow.allowAnswering(door.function);
  return door;
}
