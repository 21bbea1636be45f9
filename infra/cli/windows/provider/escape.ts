/** How the credential provider writes its form: escapes of its own, and what does not fit into its buffer. */

/** Printable ASCII that it escapes too. `+` is not certain, so that tests try both. */
const escaped = new Set(' ;\\?@&%#{}|^~[]`$,="<>');

export interface EscapeRules {
  /** Whether a plus leaves as `%2B` or as itself. */
  readonly plus: 'escaped' | 'itself';
}

/**
 * Every unsafe byte of UTF-8 becomes `%` and two digits. The buffer has three times the bytes of the text and no room for
 * its end: a text whose every byte is escaped does not fit, and leaves as nothing.
 */
export function escapeValue(value: string, { plus }: EscapeRules): string {
  const bytes = Array.from(Buffer.from(value, 'utf8'));
  const written = bytes.map((byte) => {
    const character = String.fromCharCode(byte);
    const isSafe =
      byte > 32 && byte < 127 && !escaped.has(character) && (plus === 'itself' || character !== '+');
    return isSafe ? character : `%${byte.toString(16).padStart(2, '0')}`;
  });
  const text = written.join('');
  return bytes.length > 0 && text.length === 3 * bytes.length ? '' : text;
}

/** Fields in the order of their names. */
export function formOf(fields: Readonly<Record<string, string>>, rules: EscapeRules): string {
  return Object.entries(fields)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${escapeValue(value, rules)}`)
    .join('&');
}
