/** The evidence as a document: written from figures, and read again so that a part of it can be measured anew. */
import type { Figure, Measurement, Settings } from './measurement.ts';

/** What the document says of each row, by its id, and of the run that measured it, by the measurement's name. */
export interface Evidence {
  readonly verdicts: Readonly<Record<string, string>>;
  readonly runs: Readonly<Record<string, string>>;
}

export const notMeasured = 'not measured';

export const commandOf = ({ name }: Pick<Measurement, 'name'>): string =>
  `npm run evidence -- --only ${name}`;

export function verdictOf({ figure, holds }: Figure): string {
  return holds === false ? `**missed:** ${figure}` : figure;
}

/**
 * How a measurement was run, in a line.
 *
 * @param of what was measured: a commit and its day
 */
export function runOf({ samples, soakSeconds, seed, quick }: Settings, machine: string, of: string): string {
  const sizes = quick ? 'small sizes' : `${samples} samples, a soak of ${soakSeconds} s`;
  return `${of}; ${sizes}, seed ${seed}, on ${machine}`;
}

export function report(measurements: readonly Measurement[], { verdicts, runs }: Evidence): string {
  const sections = measurements.map((measurement) => {
    const { name, rows } = measurement;
    const items = rows.flatMap(({ id, promise, how }, place) => [
      wrapped(`- **${promise}:** ${verdicts[id] ?? notMeasured}`, '  '),
      ...(rows[place - 1]?.how === how ? [] : [wrapped(`  - how: ${how}`, '    ')]),
    ]);
    const run = wrapped(`Run: ${runs[name] ?? notMeasured}`, '');
    return `## ${titleOf(name)}\n\n\`${commandOf(measurement)}\`\n\n${items.join('\n')}\n\n${run}\n`;
  });
  return `# Evidence

\`npm run evidence -- --write\` writes this page. Every figure comes from the whole local stack: real HTTP with real
tokens, the deployed bundles, the real table. Each line is a promise and the figure that was measured for it; a figure
that misses its promise says so. A line without *how* is measured as the one above it.

What is not promised stands in the [threat model](threat-model.md#what-is-not-guaranteed).

## How to read it

- \`--only\` takes several names, separated by commas. \`--quick\` measures everything in small sizes, as
  \`npm test\` does; \`--seed\` repeats the traffic of a soak.
- AUC is the probability that a classifier which sees one time of each arm picks the right one: 0.5 is
  guessing. It is folded, so that slower and faster count alike. A median gap is the difference of the medians.
- Times are those of the machine, callers and stack on the same cores. They say nothing of Lambda or of DynamoDB.
  Counts are the same everywhere; where the machine is too busy, some requests of a race are answered 503.
- Quotas count codes and notices together. A tenth of a quota is kept for important notices, so codes have the rest.

${sections.join('\n')}`;
}

/** @param text of a document that `report` wrote; rows and measurements that it does not have are absent. */
export function readReport(measurements: readonly Measurement[], text: string): Evidence {
  const lines = unwrapped(text).split('\n');
  const items = lines.flatMap((line) => {
    const [, promise, figure] = /^- \*\*(.+?):\*\* (.+)$/.exec(line) ?? [];
    return promise === undefined ? [] : [[promise, figure] as const];
  });
  const figures = new Map(items);
  const verdicts = measurements.flatMap(({ rows }) =>
    rows.flatMap(({ id, promise }) => {
      const figure = figures.get(promise);
      return figure === undefined ? [] : [[id, figure] as const];
    }),
  );
  const runs = measurements.flatMap(({ name }) => {
    const [, section = ''] = text.split(`## ${titleOf(name)}\n`);
    const [, run] = /\nRun: ([\s\S]+?)\n(?:\n|$)/.exec(section) ?? [];
    return run === undefined ? [] : [[name, run.replaceAll('\n', ' ')] as const];
  });
  return { verdicts: Object.fromEntries(verdicts), runs: Object.fromEntries(runs) };
}

const titleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Items in one line each again. */
export const unwrapped = (text: string): string => text.replace(/\n +(?! |- )/g, ' ');

/** Lines of 120 characters at most, all but the first indented. */
function wrapped(text: string, indent: string): string {
  const [first = '', ...words] = text.split(/(?<=\S) /);
  const lines = [first];
  for (const word of words) {
    const last = lines.at(-1) as string;
    if (last.length + 1 + word.length <= 120) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}
