/** The alphabet of a short message (3GPP 23.038): what fits in one, and how a name is made to fit. */

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each of these takes two places. */
const extension = new Set('^{}\\[~]|€\f');

/** Septets of a text, or `undefined` when a character of it is not in the alphabet. */
export function septets(text: string): number | undefined {
  let count = 0;
  for (const character of text) {
    if (basic.has(character)) count += 1;
    else if (extension.has(character)) count += 2;
    else return undefined;
  }
  return count;
}

/** One message: 160 septets, or 70 UTF-16 units where a character is not in the alphabet. */
export function fitsOneMessage(text: string): boolean {
  const count = septets(text);
  return count === undefined ? text.length <= 70 : count <= 160;
}

/** Marks that typographers write and the alphabet has plain ones for. */
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

/** Characters outside the alphabet turn plain or lose their accents; what is still outside is left out. */
export function toGsm7(text: string): string {
  const letters = Array.from(text, (character) => {
    if (septets(character) !== undefined) return character;
    return Array.from(plain[character] ?? character.normalize('NFKD'))
      .filter((part) => septets(part) !== undefined)
      .join('');
  });
  return letters.join('').replace(/ +/g, ' ').trim();
}
