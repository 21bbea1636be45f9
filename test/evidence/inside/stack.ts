/** Starts the measured stack and looks inside it. */
import { readFileSync } from 'node:fs';
import { type Stack, startStackWithInside } from '../../stack.ts';
import type { InsideAnswers } from './routes.ts';

export interface MeasuredStack extends Stack {
  look<P extends keyof InsideAnswers>(path: P): Promise<InsideAnswers[P]>;
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
  const look: MeasuredStack['look'] = async (path) => {
    const answer = await fetch(inside + path);
    if (!answer.ok) throw new Error(`looking at ${path} failed: ${await answer.text()}`);
    return (await answer.json()) as InsideAnswers[typeof path];
  };
  return {
    ...stack,
    look,
    log: () => readLog(readFileSync(stack.output, 'utf8')),
    async settled() {
      if (await look('/settled')) return;
      throw new Error('a queue did not become empty');
    },
  };
}

export function readLog(text: string): LogLine[] {
  const lines = text.split('\n').flatMap((line) => {
    const json = /^[\w-]+ \| (\{.*\})$/.exec(line)?.[1];
    return json === undefined ? [] : [JSON.parse(json) as LogLine];
  });
  return lines.filter(({ event }) => event !== undefined);
}
