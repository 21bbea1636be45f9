/** One row of a file of people, before anybody asks what it means. */

export interface Row {
  readonly line: number;
  /** By column: text of a CSV file, any value of NDJSON. */
  readonly cells: Readonly<Record<string, unknown>>;
  /** Why nothing can be made of the row. */
  readonly fault?: string | undefined;
}

/** A longer row than any person has: most likely a quote that is not closed. */
export const mostRowCharacters = 32 * 1024 * 1024;
