/** The GSM 7-bit alphabet of an SMS (3GPP 23.038): which texts fit one message, and how a name is made to fit. */

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each of these takes two septets. */
const extension = new Set('^{}\\[~]|€\f');

/** The length of a text in septets; `undefined` if it has a character outside the alphabet. */
export function septets(text: string): number | undefined {
  let count = 0;
  for (const character of text) {
    if (basic.has(character)) count += 1;
    else if (extension.has(character)) count += 2;
    else return undefined;
  }
  return count;
}

/** One message holds 160 septets, or 70 UTF-16 units if a character is outside the alphabet. */
export function fitsOneMessage(text: string): boolean {
  const count = septets(text);
  return count === undefined ? text.length <= 70 : count <= 160;
}

/** Typographic marks, and the plain ones that the alphabet has for them. */
const plain: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
};

/** Replaces typographic marks, takes accents off, and leaves out what is still outside the alphabet. */
export function toGsm7(text: string): string {
  const letters = Array.from(text, (character) => {
    if (septets(character) !== undefined) return character;
    return Array.from(plain[character] ?? character.normalize('NFKD'))
      .filter((part) => septets(part) !== undefined)
      .join('');
  });
  return letters.join('').replace(/ +/g, ' ').trim();
}
