/** Runs a command line in this process: a process for each call would take most of a test's time. */
import { vi } from 'vitest';

/** @returns what it printed, output before errors, and `exit` with its code, as somebody at a terminal sees it. */
export async function printedBy(command: () => Promise<void>): Promise<string> {
  const [output, errors]: [string[], string[]] = [[], []];
  const into = (kept: string[]) => (text: unknown) => {
    kept.push(String(text));
    return true;
  };
  const line = (kept: string[]) => (text: unknown) => void kept.push(`${text}\n`);
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into(output)),
    vi.spyOn(process.stderr, 'write').mockImplementation(into(errors)),
    vi.spyOn(console, 'log').mockImplementation(line(output)),
    vi.spyOn(console, 'error').mockImplementation(line(errors)),
  ];
  try {
    await command();
    return `${output.join('')}${errors.join('')}exit ${process.exitCode ?? 0}`;
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}
