/** What a measurement is: rows that it promises, and figures that it finds for them. */

/** One row of the table, but for its figure. */
export interface Row {
  /** Unique; the measurement's name and a word. */
  readonly id: string;
  readonly promise: string;
  readonly how: string;
}

export interface Figure {
  readonly figure: string;
  /** Whether the promise is kept by this figure; `undefined` where nothing is promised. */
  readonly holds: boolean | undefined;
}

export interface Settings {
  /** Small sizes, for continuous integration: counts and shapes, no times. */
  readonly quick: boolean;
  /** Interleaved samples of each arm. */
  readonly samples: number;
  readonly soakSeconds: number;
  /** Of the file that is imported; a first sync has a tenth as many people. */
  readonly importRows: number;
  /** Of everything random in the traffic. */
  readonly seed: number;
}

export type Progress = (line: string) => void;

export interface Measurement {
  readonly name: string;
  readonly rows: readonly Row[];
  /** @returns a figure for each row, by its id. @throws what the stack or the client throws: then nothing was measured */
  measure(settings: Settings, progress: Progress): Promise<Readonly<Record<string, Figure>>>;
}

/** Of something that may not happen at all. */
export function noneOf(count: number, figure: string): Figure {
  return { figure, holds: count === 0 };
}

export const grouped = (count: number): string => count.toLocaleString('en-US');
