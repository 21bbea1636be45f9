/** How characters outside the alphabet of a short message are spelled in it. */

/** Rows of what is spelled alike: the characters, then how. */
const rows: readonly (readonly [characters: string, spelled: string])[] = [
  ['‘’‚‛′´`ʼʻ‹›', "'"],
  ['“”„‟″«»', '"'],
  ['‐‑‒–—―−', '-'],
  ['·•∙⋅', '.'],
  ['⁄∕÷', '/'],
  ['×', 'x'],
  ['©', '(C)'],
  ['®', '(R)'],
  // Latin letters that Unicode does not take apart.
  ['ł', 'l'],
  ['Ł', 'L'],
  ['đðɖɗ', 'd'],
  ['ĐÐ', 'D'],
  ['ħ', 'h'],
  ['Ħ', 'H'],
  ['ŧ', 't'],
  ['Ŧ', 'T'],
  ['ŋ', 'n'],
  ['Ŋ', 'N'],
  ['ıɨ', 'i'],
  ['Ɨ', 'I'],
  ['ȷ', 'j'],
  ['ĸƙ', 'k'],
  ['Ƙ', 'K'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['þ', 'th'],
  ['Þ', 'Th'],
  ['ẞ', 'SS'],
  ['əǝɛ', 'e'],
  ['ƏƎƐ', 'E'],
  ['ƒ', 'f'],
  ['ɓƀ', 'b'],
  ['Ɓ', 'B'],
  ['ɔ', 'o'],
  ['Ɔ', 'O'],
  ['ʉ', 'u'],
  ['ƶ', 'z'],
  // Greek, of which the alphabet has the capitals that Latin lacks, as its phones have written it from the start.
  ...pairs('αβγδεζηθικλμνξοπρστυφχψως', 'ABΓΔEZHΘIKΛMNΞOΠPΣTYΦXΨΩΣ'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
  // Cyrillic, as passports of most countries spell it.
  ...pairs('абвгґдезиіклмнопрстуфыэј', 'abvggdeziiklmnoprstufyej'),
  ...pairs('АБВГҐДЕЗИІКЛМНОПРСТУФЫЭЈ', 'ABVGGDEZIIKLMNOPRSTUFYEJ'),
  ['й', 'y'],
  ['Й', 'Y'],
  ['ё', 'yo'],
  ['Ё', 'Yo'],
  ['ї', 'yi'],
  ['Ї', 'Yi'],
  ['ж', 'zh'],
  ['Ж', 'Zh'],
  ['х', 'kh'],
  ['Х', 'Kh'],
  ['ц', 'ts'],
  ['Ц', 'Ts'],
  ['ч', 'ch'],
  ['Ч', 'Ch'],
  ['ш', 'sh'],
  ['Ш', 'Sh'],
  ['щ', 'shch'],
  ['Щ', 'Shch'],
  ['ю', 'yu'],
  ['Ю', 'Yu'],
  ['я', 'ya'],
  ['Я', 'Ya'],
  ['є', 'ye'],
  ['Є', 'Ye'],
  ['ђ', 'dj'],
  ['Ђ', 'Dj'],
  ['љ', 'lj'],
  ['Љ', 'Lj'],
  ['њ', 'nj'],
  ['Њ', 'Nj'],
  ['ћ', 'c'],
  ['Ћ', 'C'],
  ['џ', 'dz'],
  ['Џ', 'Dz'],
];

function pairs(from: string, to: string): [string, string][] {
  return Array.from(from, (character, place) => [character, to[place] as string]);
}

const spellings = new Map(
  rows.flatMap(([characters, spelled]) =>
    Array.from(characters, (character) => [character, spelled] as const),
  ),
);

/** The spelling of one character; `undefined` where there is none beside taking it apart. */
export function spellingOf(character: string): string | undefined {
  return spellings.get(character);
}
