/** Texts that lost a character on their way: what was meant cannot be told from them, so none of them is kept. */

/** U+FFFD, which decoders put in the place of bytes that they cannot read. */
const lost = '\uFFFD';

export function hasLostCharacter(text: string): boolean {
  return text.includes(lost);
}
