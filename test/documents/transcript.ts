/** Transcripts in documents: the commands of their ```console blocks, and running them as a person would paste them. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

export interface Step {
  /** Line of the document, from 1. */
  readonly line: number;
  readonly command: string;
  /** What the document shows below it. `…` stands for one character or more that differ every time. */
  readonly shown: readonly string[];
}

export function transcriptOf(markdown: string): Step[] {
  const steps: { line: number; command: string; shown: string[] }[] = [];
  let inside = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    if (text.startsWith('```')) inside = text === '```console';
    else if (inside && text.startsWith('$ '))
      steps.push({ line: index + 1, command: text.slice(2), shown: [] });
    else if (inside) steps.at(-1)?.shown.push(text);
  }
  return steps;
}

export interface Ran extends Step {
  readonly printed: readonly string[];
}

/** Runs all commands in one bash, whose functions and variables live on from step to step. */
export async function run(steps: readonly Step[]): Promise<Ran[]> {
  const mark = randomUUID();
  const script = steps.map(({ command }) => `${command}\nprintf '%s\\n' ${mark}`).join('\n');
  const bash = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  bash.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece;
  });
  await new Promise((resolve) => bash.on('close', resolve));
  const printed = output.split(`${mark}\n`);
  return steps.map((step, place) => ({ ...step, printed: linesOf(printed[place]) }));
}

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

export function agrees(shown: string, printed: string | undefined): boolean {
  const pattern = shown
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.+');
  return printed !== undefined && new RegExp(`^${pattern}$`, 'u').test(printed);
}
