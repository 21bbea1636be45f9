/** How many of the account's concurrent executions a stage reserves: Lambda refuses a deployment that leaves too few. */
import { callsAtOnce, placesOf } from './paces.ts';
import type { StageConfiguration } from './schema.ts';

/** How many requests a function without tokens works on at once, where the stage says nothing. */
const usualConcurrency = { open: 20, windows: 20, directory: 10 } as const;

/** Those of `open`: sign-in, oidc, policy. */
const openFunctions = 3;

/**
 * So many Lambda keeps for functions that set none aside. A new account has ten in all, and cannot set any aside:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export const leftUnreserved = 100;

/** `undefined`: it shares what the account has, which a new one may have too little of to set any aside. */
export function concurrencyOf(
  which: keyof typeof usualConcurrency,
  given: { readonly concurrency?: number | 'shared' | undefined } | undefined,
): number | undefined {
  const asked = given?.concurrency ?? usualConcurrency[which];
  return asked === 'shared' ? undefined : asked;
}

type Stage = Pick<StageConfiguration, 'open' | 'windows' | 'directory' | 'delivery' | 'voice'>;

export interface SetAside {
  /** The field of the stage that asks for it. */
  readonly field: string;
  readonly executions: number;
}

/** What the deployment asks of Lambda, by the field that does; none of it where the list is empty. */
export function setAsideBy(stage: Stage): SetAside[] {
  const { open, windows, directory, delivery, voice } = stage;
  const speaking = voice === undefined ? 0 : callsAtOnce(delivery);
  const all = [
    { field: 'open.concurrency', executions: openFunctions * (concurrencyOf('open', open) ?? 0) },
    { field: 'windows.concurrency', executions: windows ? (concurrencyOf('windows', windows) ?? 0) : 0 },
    {
      field: 'directory.concurrency',
      executions: directory ? (concurrencyOf('directory', directory) ?? 0) : 0,
    },
    { field: 'delivery.reserved', executions: delivery?.reserved ? placesOf(stage) + speaking : 0 },
  ];
  return all.filter(({ executions }) => executions > 0);
}

export const sumOf = (all: readonly SetAside[]): number =>
  all.reduce((sum, { executions }) => sum + executions, 0);
