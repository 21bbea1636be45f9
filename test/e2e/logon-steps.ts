/** The tables of steps in docs/windows.md: what is typed, what the screen says, what the table is asked meanwhile. */
import { readFileSync } from 'node:fs';
import type { Provider, Screen } from '../../infra/cli/windows/provider/provider.ts';
import { outcomeAfterSeconds } from '../../shared/domain/limits/circuit-breaker.ts';
import type { Stack } from '../stack.ts';
import { lineOf } from './logon-screens.ts';
import { until } from './people.ts';

export interface Step {
  readonly typed: string;
  /** With `…` for what differs from logon to logon. */
  readonly shown: string;
  readonly cost: string;
}

const page = readFileSync(new URL('../../docs/windows.md', import.meta.url), 'utf8');

/** The ways in of the table under a heading: each with its steps, in order. */
export function waysUnder(heading: string): (readonly [way: string, steps: readonly Step[]])[] {
  const [, below = ''] = page.split(`\n### ${heading}\n`);
  const [section = ''] = below.split(/\n##/);
  const ways: [string, Step[]][] = [];
  for (const line of section.split('\n').filter((row) => /^\| (?!way |---)/.test(row))) {
    const [, way = '', typed = '', shown = '', cost = ''] = line.split('|').map((cell) => cell.trim());
    if (way !== '') ways.push([way, []]);
    ways.at(-1)?.[1].push({ typed, shown, cost });
  }
  return ways;
}

/** What a person types who is asked; by the words that the table has for it. */
export type Secrets = Readonly<Record<string, (line: string) => Promise<string>>>;

/** What was typed, shown and asked, in the words of the table. */
export async function walk(
  stack: Stack,
  screen: Provider,
  user: string,
  steps: readonly Step[],
  secrets: Secrets,
): Promise<Step[]> {
  const seen: Step[] = [];
  let line = '';
  await stack.quiet();
  await stack.advance(outcomeAfterSeconds + 10); // what asks for the outcomes of earlier messages is over
  for (const { typed, shown, cost } of steps) {
    const [, seconds, what = ''] = /^(?:after (\d+) s )?(.+)$/.exec(typed) ?? [];
    if (seconds !== undefined) {
      await stack.quiet();
      await stack.advance(Number(seconds));
    }
    const text = /^`(.+)`$/.exec(what)?.[1] ?? (await secrets[what]?.(line)) ?? '';
    const act = () => (what === 'the name' ? screen.begin(user) : screen.type(text));
    const { result, asked } = await counted(stack, act, heldBy(cost));
    line = await afterWaiting(screen, lineOf(result));
    const told = line.replace(/^[>!] /, '');
    seen.push({ typed, shown: fits(told, shown) ? shown : told, cost: asked });
  }
  return seen;
}

/** Once the workflow has opened the next step. */
export async function afterWaiting(screen: Provider, line: string): Promise<string> {
  let now = line;
  while (now.includes('One moment')) now = lineOf(await screen.type(''));
  return now;
}

function fits(told: string, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(told);
}

type Held = 'sqs' | 'states' | undefined;
const heldBy = (cost: string): Held =>
  cost.includes('a message') ? 'sqs' : cost.endsWith('the workflow') ? 'states' : undefined;

type Operations = Readonly<Record<string, number>>;

/**
 * Counts until a message is queued or the workflow is told, since others ask the same table from then on. Of a message
 * they are counted too: once nobody is at work any more.
 */
async function counted(stack: Stack, act: () => Promise<Screen>, held: Held) {
  await stack.quiet();
  await stack.forgetRequests();
  if (held !== undefined) await stack.fault(held, 'timeout', 1);
  const acting = act();
  const requests =
    held === undefined
      ? await acting.then(stack.requests)
      : await until(stack.requests, (seen) => seen[held] !== undefined);
  if (held !== undefined) await stack.fault(held, 'timeout', 0);
  const result = await acting;
  const asked = inWords(requests['dynamodb']);
  if (held !== 'sqs') return { result, asked: held === undefined ? asked : `${asked}, the workflow` };
  await stack.quiet();
  const then = without((await stack.requests())['dynamodb'], requests['dynamodb']);
  return { result, asked: `${asked}, a message: ${inWords(then)}` };
}

const without = (all: Operations = {}, first: Operations = {}): Operations =>
  Object.fromEntries(
    Object.entries(all).map(([operation, count]) => [operation, count - (first[operation] ?? 0)]),
  );

function inWords(operations: Operations = {}): string {
  const { GetItem: reads = 0, ...others } = operations;
  const writes = Object.values(others).reduce((sum, count) => sum + count, 0);
  const number = (count: number, of: string) =>
    count === 0 ? [] : [`${count} ${of}${count === 1 ? '' : 's'}`];
  const words = [...number(reads, 'read'), ...number(writes, 'write')];
  return words.length === 0 ? 'none' : words.join(', ');
}
