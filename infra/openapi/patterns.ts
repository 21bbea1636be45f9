/**
 * Patterns of what people type. Each is what every accepted text has, and no more: a generated client that checks it
 * never refuses what the API would take.
 */

const digits = (least: number) => `^(?:\\P{Nd}*\\p{Nd}){${least}}`;

export const patterns = {
  userId: '^\\s*[^"/<>\\p{Cc}]+\\s*$', // a tab or a line break around a name is trimmed
  /** Decimal digits of any script. */
  code: digits(6),
  backupCode: '^(?:[^\\p{L}\\p{N}]*[\\p{L}\\p{N}]){16}',
  phone: digits(4),
} as const;
