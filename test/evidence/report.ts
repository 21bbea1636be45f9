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
  const rows = measurements.flatMap((measurement) =>
    measurement.rows.map(({ id, promise, how }) => [
      promise,
      verdicts[id] ?? notMeasured,
      how,
      `\`${commandOf(measurement)}\``,
    ]),
  );
  return `# Evidence

Written by \`npm run evidence -- --write\`. Every figure comes from the whole local stack: real HTTP with real tokens,
the deployed bundles, the real table. What a promise is worth and what is not promised is in
[architecture.md](architecture.md) and the [decisions](decisions). A figure that misses its promise says so.

${table(['promise', 'figure', 'how it was measured', 'measure it again'], rows)}

## How to read it

- \`--only\` takes several names, separated by commas. \`--quick\` measures everything in small sizes, as
  \`npm test\` does; \`--seed\` repeats the traffic of a soak.
- AUC is the probability that a classifier which sees one time of each arm picks the right one: 0.5 is
  guessing. It is folded, so that slower and faster count alike. A median gap is the difference of the medians.
- Times are those of the machine, callers and stack on the same cores. Counts are the same everywhere; where the
  machine is too busy, some requests of a race are answered 503 and counted as such.

## How it was run

${measurements.map(({ name }) => `- ${name}: ${runs[name] ?? notMeasured}`).join('\n')}
`;
}

/** @param text of a document that \`report\` wrote; rows and measurements that it does not have are absent. */
export function readReport(measurements: readonly Measurement[], text: string): Evidence {
  const lines = text.split('\n');
  const cells = lines.filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
  const figures = new Map(cells.map(([promise = '', figure]) => [promise, figure]));
  const verdicts = measurements.flatMap(({ rows }) =>
    rows.flatMap(({ id, promise }) => {
      const figure = figures.get(promise);
      return figure === undefined ? [] : [[id, figure] as const];
    }),
  );
  const runs = measurements.flatMap(({ name }) => {
    const line = lines.find((each) => each.startsWith(`- ${name}: `));
    return line === undefined ? [] : [[name, line.slice(`- ${name}: `.length)] as const];
  });
  return { verdicts: Object.fromEntries(verdicts), runs: Object.fromEntries(runs) };
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
