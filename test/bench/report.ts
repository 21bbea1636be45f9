/** The bench's tables as a document. */
import type { ColdRow } from './cold.ts';
import { median } from './load.ts';
import type { Heaviest, PageRow } from './pages.ts';
import type { Row } from './warm.ts';

export interface Measured {
  readonly warm: readonly Row[];
  readonly cold: readonly ColdRow[];
  readonly pages: readonly PageRow[];
  readonly heaviest: Heaviest;
  readonly machine: string;
  readonly settings: Settings;
}

export interface Settings {
  readonly rounds: number;
  readonly requests: number;
  readonly cold: number;
}

export const usualSettings: Settings = { rounds: 9, requests: 300, cold: 15 };

/** What measures the same again. */
export function commandFor(settings: Settings): string {
  const unusual = (['rounds', 'requests', 'cold'] as const).filter(
    (name) => settings[name] !== usualSettings[name],
  );
  return ['npm run bench -- --write', ...unusual.map((name) => `--${name} ${settings[name]}`)].join(' ');
}

export function report({ warm, cold, pages, heaviest, machine, settings }: Measured): string {
  const { rounds, requests, cold: coldRuns } = settings;
  return `# Performance

Written by \`${commandFor(settings)}\` on ${machine}. Absolute times vary with the machine; the ratios are what to
compare. Medians of ${rounds} interleaved rounds of ${requests} requests, after one that warms up;
connections are open before each measurement begins.

## Warm requests

The subject is the bundles of issue-otp and verify-otp behind bare \`node:http\`, in one process. The floor is bare
\`node:http\` with the same DynamoDB client as it comes: one PutItem per issue, one UpdateItem per verify, nothing
else. DynamoDB, SQS and KMS run in a process apart and are not counted; neither is the delivery worker. An issue
reads and writes the user, counts the destination and queues the message; a reject, of a wrong code, is one write;
a verify, of the right one, is one write and one signature by KMS.

${table(
  [
    '',
    'callers',
    'CPU ms per 1,000',
    'floor',
    'ratio',
    'requests/s',
    'floor',
    'p50 ms',
    'floor',
    'p99 ms',
    'floor',
  ],
  warm.map(({ operation, callers, subject, floor }) => [
    operation,
    String(callers),
    subject.cpu.toFixed(0),
    floor.cpu.toFixed(0),
    `**${(subject.cpu / floor.cpu).toFixed(2)}**`,
    subject.perSecond.toFixed(0),
    floor.perSecond.toFixed(0),
    subject.p50.toFixed(1),
    floor.p50.toFixed(1),
    subject.p99.toFixed(1),
    floor.p99.toFixed(1),
  ]),
)}

${flows(warm)}

${aims(warm, cold)}

## Cold starts

Time from the start of the process to the first answer, medians of ${coldRuns} interleaved runs each. Every function answers a request
that needs its keys and the table, so that the time holds its first calls to KMS and DynamoDB.

${coldTable(cold)}

## Pages

A person signs in on the page of a local stack. Bytes are those of the page that a step ends on, with style, script
and icons: a page loads nothing else. Requests are those to DynamoDB, the worker's for the message among them.

${pageTable(pages)}

The heaviest of all states and languages is \`${heaviest.state}\` in \`${heaviest.language}\`: ${kilobytes(heaviest.bytes)} kB, aim 60.
`;
}

function flows(warm: readonly Row[]): string {
  const lines = [...new Set(warm.map(({ callers }) => callers))].map((callers) => {
    const both = warm.filter((row) => row.callers === callers && row.operation !== 'reject');
    const sum = (who: 'subject' | 'floor') => both.reduce((total, row) => total + row[who].cpu, 0);
    return `- ${callers} ${callers === 1 ? 'caller' : 'callers'}: **${(sum('subject') / sum('floor')).toFixed(2)}**`;
  });
  return `A whole flow, one issue and one verify, as a multiple of the floor's CPU:\n\n${lines.join('\n')}`;
}

/** What the project set out to reach, as medians over the numbers of callers, and whether it did. */
function aims(warm: readonly Row[], cold: readonly ColdRow[]): string {
  const ratiosOf = (operation: Row['operation']) =>
    warm.filter((row) => row.operation === operation).map(({ subject, floor }) => subject.cpu / floor.cpu);
  const [, client, ...functions] = cold as [ColdRow, ColdRow, ...ColdRow[]];
  const coldest = Math.max(...functions.map(({ firstAnswer }) => firstAnswer / client.firstAnswer));
  const reached = [
    ['an issue', ratiosOf('issue'), 3],
    ['a verify', ratiosOf('verify'), 1.5],
    ['the slowest cold start', [coldest], 1.1],
  ] as const;
  const lines = reached.map(([what, ratios, aim]) => {
    const ratio = median(ratios);
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((each) => each.toFixed(2));
    const span = ratios.length > 1 ? ` (${least} to ${most})` : '';
    return `- ${what}: ${ratio.toFixed(2)}${span}, aim ${aim}${ratio > aim ? ', **missed**' : ''}`;
  });
  return `Against what was aimed at, as multiples of the floor, medians over the numbers of callers:\n\n${lines.join('\n')}`;
}

function coldTable(cold: readonly ColdRow[]): string {
  const [empty, client] = cold as [ColdRow, ColdRow];
  const rows = cold.map(({ name, bytes, firstAnswer }) => [
    name,
    (bytes / 1000).toFixed(0),
    firstAnswer.toFixed(0),
    (firstAnswer / empty.firstAnswer).toFixed(2),
    (firstAnswer / client.firstAnswer).toFixed(2),
  ]);
  return table(['function', 'bundle kB', 'first answer ms', '× empty', '× client-dynamodb'], rows);
}

function pageTable(pages: readonly PageRow[]): string {
  const rows = pages.map(({ step, bytes, requests }) => [
    step,
    bytes === undefined ? '–' : kilobytes(bytes),
    String(requests),
  ]);
  return table(['step', 'kB', 'requests to DynamoDB'], rows);
}

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
