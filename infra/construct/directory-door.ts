/** The door of directories: its function with its rights, and the bounds that keep a flood of it to itself. */
import type { CfnStage, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { doorRoutes, methodsOf } from '../../shared/http/routes.ts';
import type { Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { allow } from './keys.ts';

/** Entra ID asks for 25 requests a second of a tenant. */
const throttle = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };
const mostAtOnce = 10;

/** `undefined` without a connection: then there is no such door, neither function nor routes. */
export function addDirectoryDoor(foundation: Foundation): FallbackFunction | undefined {
  const { directory } = foundation.stage;
  if (directory === undefined) return undefined;
  const own = { SCIM_CONNECTIONS: JSON.stringify(directory.connections) };
  const description = 'Takes people from the directory by SCIM 2.0';
  const door = foundation.addFunction('scim', description, own, directory.concurrency ?? mostAtOnce);
  foundation.allowTable(door, 'create', ['user', 'name']);
  // Frees the names of somebody who is renamed or removed, and lists people.
  foundation.allowItems(door, ['dynamodb:DeleteItem'], ['name']);
  allow(door.function, ['dynamodb:Query'], [`${foundation.table.tableArn}/index/users`]);
  foundation.allowQueues(door, 'notice');
  return door;
}

export function throttleDirectoryDoor(stage: HttpStage): void {
  const keys = doorRoutes
    .filter(({ function: name }) => name === 'scim')
    .flatMap(({ method, path }) => methodsOf(method).map((each) => `${each} ${path}`));
  const settings = stage.node.defaultChild as CfnStage;
  for (const key of keys)
    settings.addPropertyOverride(`RouteSettings.${key.replaceAll('.', '\\.')}`, throttle);
}
