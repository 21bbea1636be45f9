/** The evidence as a document. */
import type { Figure, Measurement, Settings } from './measurement.ts';

export interface Measured {
  readonly measurements: readonly Measurement[];
  /** By the row's id. */
  readonly figures: Readonly<Record<string, Figure>>;
  readonly machine: string;
  readonly settings: Settings;
}

export const commandOf = ({ name }: Pick<Measurement, 'name'>): string =>
  `npm run evidence -- --only ${name}`;

/** @throws for a row that has no figure. */
export function report({ measurements, figures, machine, settings }: Measured): string {
  const rows = measurements.flatMap((measurement) =>
    measurement.rows.map(({ id, promise, how }) => {
      const found = figures[id];
      if (found === undefined) throw new Error(`${id} was not measured`);
      const verdict = found.holds === false ? `**missed:** ${found.figure}` : found.figure;
      return [promise, verdict, how, `\`${commandOf(measurement)}\``];
    }),
  );
  return `# Evidence

Written in full by \`npm run evidence -- --write\` on ${machine}, with ${settings.samples} samples for each arm, a soak of
${settings.soakSeconds} s and the seed ${settings.seed}. Every figure comes from the whole local stack: real HTTP with real
tokens, the deployed bundles, the real table. What a promise is worth and what is not promised is in
[architecture.md](architecture.md) and the [decisions](decisions). A figure that misses its promise says so.

${table(['promise', 'figure', 'how it was measured', 'measure it again'], rows)}

## How to read it

- \`--only\` takes several names, separated by commas. \`--quick\` measures everything in small sizes, as
  \`npm test\` does; \`--seed\` repeats the traffic of a soak.
- AUC is the probability that a classifier which sees one time of each arm picks the right one: 0.5 is
  guessing. It is folded, so that slower and faster count alike. A median gap is the difference of the medians.
- Times are those of this machine, callers and stack on the same cores. Counts are the same everywhere.
`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
