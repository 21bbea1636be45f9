/** The value of a key attribute as text. */

/** The text, number or base64 under the attribute's type; undefined for what is no attribute. */
export function keyText(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const [text] = Object.values(value);
  return typeof text === 'string' ? text : undefined;
}
