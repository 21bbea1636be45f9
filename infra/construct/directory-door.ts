/** The door of directories: its function with its rights, and how many of its requests are worked on at once. */
import { concurrencyOf } from '../configuration/concurrency.ts';
import type { Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { allow } from './keys.ts';

/** `undefined` without a connection: then there is no such door, neither function nor routes. */
export function addDirectoryDoor(foundation: Foundation): FallbackFunction | undefined {
  const { directory } = foundation.stage;
  if (directory === undefined) return undefined;
  const own = { SCIM_CONNECTIONS: JSON.stringify(directory.connections) };
  const description = 'Takes people from the directory by SCIM 2.0';
  const mostAtOnce = concurrencyOf('directory', directory);
  const door = foundation.addFunction('scim', description, own, mostAtOnce);
  foundation.allowTable(door, 'create', ['user', 'name']);
  // Frees the names of somebody who is renamed or removed, and lists people.
  foundation.allowItems(door, ['dynamodb:DeleteItem'], ['name']);
  allow(door.function, ['dynamodb:Query'], [`${foundation.table.tableArn}/index/users`]);
  foundation.allowQueues(door, 'notice');
  return door;
}
