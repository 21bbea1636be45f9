/** Times interleaved samples of every operation and says how well its arms can be told apart. */
import { type MeasuredStack, stackOf } from '../inside/stack.ts';
import { type Figure, grouped, type Measurement, type Progress, type Settings } from '../measurement.ts';
import { earlyStop } from '../policies.ts';
import { median, seededRandom, separability, shuffled } from '../statistics.ts';
import { delivery, deliveryRow } from './delivery.ts';
import { connection, type Delivery } from './exchange.ts';
import { type Arm, armsOf, type Operation, operations } from './operations.ts';
import { type Subject, subjectOf } from './pools.ts';

export const mostGapMilliseconds = 5;
export const mostAuc = 0.55;

/** Milliseconds by the arm's name. */
export type Samples = ReadonlyMap<string, readonly number[]>;

const warmUps = 30;
/** The life of a challenge and a little more. */
const lockSeconds = 601;

export async function sample(
  operation: Operation,
  { stack, send, settings, progress }: Track,
): Promise<Samples> {
  const { id, needs, perSubject, restSeconds, seconds, prepare, act, status } = operation;
  const arms = armsOf(operation, settings.quick);
  const turns = Math.min(perSubject, settings.samples);
  const warm = settings.quick ? 0 : Math.ceil(warmUps / turns);
  const size = Math.ceil(settings.samples / turns) + warm;
  const random = seededRandom(settings.seed);
  const people: { arm: Arm; subject: Subject; prepared: unknown }[][] = [];
  for (let place = 0; place < size; place += 1) {
    const row: (typeof people)[number] = [];
    for (const arm of shuffled(arms, random)) {
      row.push({ arm, subject: await subjectOf(stack, arm.condition, needs, send), prepared: undefined });
    }
    people.push(row);
  }
  progress(`${id}: ${grouped(size * arms.length)} people`);
  const samples = new Map<string, number[]>(arms.map(({ name }) => [name, []]));
  await stack.settled();
  await stack.advance(lockSeconds); // what locked people have open is over
  for (let turn = 0; turn < turns; turn += 1) {
    await stack.advance(restSeconds?.(turn) ?? 0);
    await stack.quiet(); // recoveries whose time is over end all at once
    if (prepare) {
      for (const row of people) {
        for (const person of shuffled(row, random)) {
          person.prepared = await prepare(person.subject, turn, send, person.prepared);
        }
      }
      await stack.settled();
    }
    await stack.advance(seconds?.(turn) ?? 0);
    for (const [place, row] of people.entries()) {
      for (const { arm, subject, prepared } of shuffled(row, random)) {
        const exchange = await act(subject, prepared, send, arm);
        const expected = arm.name.startsWith('locked') && status === 422 ? 429 : status;
        if (exchange.status !== expected) throw new Error(`${id} of ${arm.name} answered ${exchange.status}`);
        if (place >= warm) samples.get(arm.name)?.push(exchange.milliseconds);
        await stack.settled(); // what was put on a queue would run into the next sample
      }
    }
  }
  return samples;
}

interface Track {
  readonly stack: MeasuredStack;
  readonly send: Delivery;
  readonly settings: Settings;
  readonly progress: Progress;
}

/** @param isPromised false: the figures are told, and nothing is promised of them. */
export function verdict(
  samples: Samples,
  arms: readonly Pick<Arm, 'name' | 'against'>[],
  isPromised: boolean,
): Figure {
  const compared = arms.flatMap(({ name, against }) => {
    if (against === undefined) return [];
    const [one, other] = [samples.get(name) ?? [], samples.get(against) ?? []];
    return [{ name, gap: Math.abs(median(one) - median(other)), auc: separability(one, other) }];
  });
  const told = compared.map(({ name, gap, auc }) => `${name}: ${gap.toFixed(2)} ms, ${auc.toFixed(3)}`);
  const [base = ''] = [...samples.keys()];
  const level = `known ${median(samples.get('known') ?? samples.get(base) ?? []).toFixed(1)} ms`;
  const holds = compared.every(({ gap, auc }) => gap < mostGapMilliseconds && auc <= mostAuc);
  return { figure: `${told.join('; ')} (median of ${level})`, holds: isPromised ? holds : undefined };
}

async function measure(settings: Settings, progress: Progress): Promise<Record<string, Figure>> {
  const stack = await stackOf(earlyStop, settings.quick);
  const { send, close } = connection(stack.origin, await stack.token('credential-provider'));
  const figures: Record<string, Figure> = {};
  const isPromised = !settings.quick;
  try {
    const track = { stack, send, settings, progress };
    for (const operation of operations) {
      const samples = await sample(operation, track);
      const found = verdict(samples, armsOf(operation, settings.quick), isPromised);
      figures[`timing.${operation.id}`] = found;
      progress(`${operation.id}: ${found.figure}`);
    }
    figures[deliveryRow.id] = await delivery(stack, settings);
  } finally {
    close();
    await stack.stop();
  }
  return figures;
}

/** `a, b against known; c against d`. */
function comparisons(arms: readonly Arm[]): string {
  const bases = [...new Set(arms.flatMap(({ against }) => against ?? []))];
  const told = bases.map((base) => {
    const names = arms.filter(({ against }) => against === base).map(({ name }) => name);
    return `${names.join(', ')} against ${base}`;
  });
  return told.join('; ');
}

export const timing: Measurement = {
  name: 'timing',
  rows: [
    ...operations.map(({ id, what, arms }) => ({
      id: `timing.${id}`,
      promise: `The time of ${what} does not tell who is known: gaps below ${mostGapMilliseconds} ms, AUC at most ${mostAuc}`,
      how: `median gap and AUC: ${comparisons(arms)}; in random order, one request at a time on a warm connection`,
    })),
    deliveryRow,
  ],
  measure,
};
