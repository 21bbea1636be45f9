/** The door of Windows logon screens: its function with its rights, and the bounds that keep a flood of it to itself. */
import type { CfnStage, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { doorRoutes, methodsOf } from '../../shared/http/routes.ts';
import type { Stage } from '../configuration/stage.ts';
import type { Foundation } from './foundation.ts';
import type { FallbackFunction } from './functions.ts';
import { RecoveryWorkflow } from './recovery.ts';

/** Where the stage says nothing: a site of some thousand PCs in the morning. */
const usual = { requestsPerSecond: 20, burst: 40, concurrency: 20 } as const;

/** `undefined` without groups of PCs: then there is no such door, neither function nor routes. */
export function addWindowsDoor(foundation: Foundation): FallbackFunction | undefined {
  const { windows } = foundation.stage;
  if (windows === undefined) return undefined;
  const own = { WINDOWS_GROUPS: JSON.stringify(windows.groups) };
  const mostAtOnce = windows.concurrency ?? usual.concurrency;
  const description = 'Signs people in at the logon screen of Windows';
  const door = foundation.addFunction('windows', description, own, mostAtOnce);
  foundation.allowTable(
    door,
    'create',
    ['user', 'destination', 'recovery', 'dialogue'],
    ['name', 'restrictions'],
  );
  foundation.allowVerdicts(door);
  foundation.allowQueues(door, 'sms', 'email', 'call', 'notice');
  RecoveryWorkflow.allowStarting(door.function);
  RecoveryWorkflow.allowAnswering(door.function);
  return door;
}

/** The API's own throttle is of each route too. This one is lower, since nobody shows a token here. */
export function throttleWindowsDoor(stage: HttpStage, windows: NonNullable<Stage['windows']>): void {
  const { requestsPerSecond = usual.requestsPerSecond, burst = usual.burst } = windows;
  const throttle = { ThrottlingRateLimit: requestsPerSecond, ThrottlingBurstLimit: burst };
  const keys = doorRoutes
    .filter(({ function: name }) => name === 'windows')
    .flatMap(({ method, path }) => methodsOf(method).map((each) => `${each} ${path}`));
  const settings = stage.node.defaultChild as CfnStage;
  settings.addPropertyOverride('RouteSettings', Object.fromEntries(keys.map((key) => [key, throttle])));
}
