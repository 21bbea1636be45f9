/** The GSM 7-bit alphabet of an SMS (3GPP 23.038): which texts fit one message, and how a name is made to fit. */
import { spellingOf } from './transliteration.ts';

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

/**
 * A text in the alphabet: what is outside is spelled otherwise or loses its accents, and what has no likeness is left
 * out.
 */
export function toGsm7(text: string): string {
  const apart = text.normalize('NFC').replace(/(?<=\d)(?=[¼-¾⅐-⅞])/g, ' '); // 1½ is not 11/2
  return Array.from(apart, inAlphabet).join('').replace(/ +/g, ' ').trim();
}

function inAlphabet(character: string): string {
  if (septets(character) !== undefined) return character;
  const parts = Array.from(spellingOf(character) ?? character.normalize('NFKD'));
  return parts
    .map((part) => (septets(part) === undefined ? (spellingOf(part) ?? '') : part))
    .filter((part) => septets(part) !== undefined)
    .join('');
}
