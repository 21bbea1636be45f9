/** `npm run evidence`: measures what the project promises, prints the table and writes docs/evidence.md. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import setUp from '../support/run.ts';
import { catalogue } from './catalogue.ts';
import type { Settings } from './measurement.ts';
import { type Evidence, readReport, report, runOf, verdictOf } from './report.ts';

const names = catalogue.map(({ name }) => name);
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    samples: { type: 'string' },
    soak: { type: 'string' },
    rows: { type: 'string' },
    seed: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run evidence -- [--only ${names.slice(0, 2).join(',')}] [--quick] [--samples 1000] [--soak 600] [--rows 100000] [--seed 1] [--write]

  --only     measures these alone: ${names.join(', ')}
  --quick    small sizes: counts and shapes in a minute or two, times without meaning
  --samples  interleaved samples for each arm of the timing
  --soak     seconds of mixed traffic with faults
  --rows     of the file that is imported; a first sync by SCIM has a tenth as many people
  --seed     of everything random in the traffic; printed when it is not given
  --write    write docs/evidence.md; with --only, the rows of those measurements and no others

The exit code is 1 when a promise is not kept.`);
  process.exit();
}
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) fail(`there is no measurement ${unknown}; there are ${names.join(', ')}`);

const settings: Settings = {
  quick: values.quick,
  samples: whole('samples', values.quick ? 20 : 1_000),
  soakSeconds: whole('soak', values.quick ? 12 : 600),
  importRows: whole('rows', values.quick ? 300 : 100_000),
  seed: whole('seed', Math.floor(Math.random() * 1_000_000)),
};
const startedAt = performance.now();
const progress = (line: string) =>
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}`);

progress(`seed ${settings.seed}`);
const removeRun = setUp();
process.once('exit', removeRun);
const page = fileURLToPath(new URL('../../docs/evidence.md', import.meta.url));
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
const run = runOf(settings, machine, commit());
const measurements = catalogue.filter(({ name }) => wanted.includes(name));
let measured: Evidence = { verdicts: {}, runs: {} };
let missed = 0;
for (const measurement of measurements) {
  const { name, rows } = measurement;
  progress(name);
  const figures = await measurement.measure(settings, (line) => progress(`  ${name}: ${line}`));
  const verdicts = Object.fromEntries(Object.entries(figures).map(([id, figure]) => [id, verdictOf(figure)]));
  for (const { id } of rows) progress(`  ${id}: ${verdicts[id]}`);
  missed += Object.values(figures).filter(({ holds }) => holds === false).length;
  measured = merged(measured, { verdicts, runs: { [name]: run } });
  // After each: a run takes an hour, and what was measured in it is not to be lost.
  if (values.write) write({ verdicts, runs: { [name]: run } });
}
console.log(report(measurements, measured));
process.exit(missed > 0 ? 1 : 0);

/** Changes that are not committed would be measured with it, and are said. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', ':/', ':!/docs') !== '';
    return `${git('log', '-1', '--format=commit %h of %cs')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'no commit';
  }
}

function merged(one: Evidence, other: Evidence): Evidence {
  return { verdicts: { ...one.verdicts, ...other.verdicts }, runs: { ...one.runs, ...other.runs } };
}

function write(evidence: Evidence): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
  writeFileSync(page, report(catalogue, merged(readReport(catalogue, before), evidence)));
}

function whole(name: 'samples' | 'soak' | 'rows' | 'seed', otherwise: number): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    fail(`--${name} is ${text}, which is no whole number above zero`);
  return number;
}

function fail(message: string): never {
  console.error(`evidence: ${message}\n  Next: npm run evidence -- --help`);
  process.exit(2);
}
