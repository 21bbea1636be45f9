/** Starts the measured stack and looks inside it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { borrowStackWithInside, type Stack, startStackWithInside } from '../../stack.ts';
import { send } from '../../support/http.ts';
import type { InsideAnswers } from './routes.ts';

export interface MeasuredStack extends Stack {
  look<P extends keyof InsideAnswers>(path: P): Promise<InsideAnswers[P]>;
  /** Everything that it printed since it was had. */
  printed(): string;
  /** Events that the functions logged so far, in order. */
  log(): readonly LogLine[];
  /** Resolves when every message that is on its way was handled; what is counted later is left out. @throws after 20 seconds */
  settled(): Promise<void>;
}

/** A line of the functions' log; see docs/log-events.md. */
export interface LogLine {
  readonly event: string;
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** @param policy replaces the policy of the stage `local`. @param stage fields that replace its own. */
export async function startMeasured(policy?: object, stage?: object): Promise<MeasuredStack> {
  const { stack, inside } = await startStackWithInside({
    ...(policy && { policy }),
    ...(stage && { stage }),
  });
  return measured(stack, inside, 0);
}

/**
 * In small sizes measurements of one policy have one stack after another, emptied in between: a start costs more than
 * they do. What it printed before stays out of sight, and its clock is ahead.
 */
export async function stackOf(policy: object, quick: boolean): Promise<MeasuredStack> {
  return quick ? borrowMeasured(policy) : startMeasured(policy);
}

export async function borrowMeasured(policy?: object, stage?: object): Promise<MeasuredStack> {
  const empty = async (door: string) => void (await lookInto(door, '/empty'));
  const { stack, inside } = await borrowStackWithInside(
    { ...(policy && { policy }), ...(stage && { stage }) },
    empty,
  );
  const before = existsSync(stack.output) ? statSync(stack.output).size : 0;
  return measured(stack, inside, before);
}

/** @param before bytes that it had printed for others */
function measured(stack: Stack, inside: string, before: number): MeasuredStack {
  const look: MeasuredStack['look'] = (path) => lookInto(inside, path);
  const printed = () => readFileSync(stack.output).subarray(before).toString('utf8');
  return {
    ...stack,
    look,
    printed,
    log: () => readLog(printed()),
    async settled() {
      if (await look('/settled')) return;
      throw new Error('a queue did not become empty');
    },
  };
}

async function lookInto<P extends keyof InsideAnswers>(inside: string, path: P): Promise<InsideAnswers[P]> {
  const { status, text } = await send(inside + path, 'GET', {});
  if (status !== 200) throw new Error(`looking at ${path} failed: ${text}`);
  return JSON.parse(text) as InsideAnswers[P];
}

export function readLog(text: string): LogLine[] {
  const lines = text.split('\n').flatMap((line) => {
    const json = /^[\w-]+ \| (\{.*\})$/.exec(line)?.[1];
    return json === undefined ? [] : [JSON.parse(json) as LogLine];
  });
  return lines.filter(({ event }) => event !== undefined);
}
