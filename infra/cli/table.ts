/** Rows of words in columns, for people. */

/** Without what could move the cursor of a terminal or turn the line round. */
const printable = (word: string): string => word.replace(/\p{C}/gu, '');

export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths = shown.reduce<number[]>(
    (known, row) => row.map((word, at) => Math.max(known[at] ?? 0, word.length)),
    [],
  );
  return shown
    .map((row) =>
      row
        .map((word, at) => word.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
