/** The one form of a text in which its letters and digits count, and nothing else does. */
import { withAsciiDigits } from './digits.ts';

/**
 * NFKC, Unicode's full case folding, no marks, digits of any script by value, and of the rest letters and numbers
 * alone. So `St Mary’s` is `stmarys`, `Straße` is `strasse`, `İ` and `ı` are `i`, and `é` is `e`.
 */
export function lettersAndDigits(text: string): string {
  const folded = Array.from(text.normalize('NFKD'), folding).join('').normalize('NFKD');
  return withAsciiDigits(folded.replace(nothing, '')).normalize('NFC');
}

/** By character, since the lower case of a whole text depends on where a word ends: `Σ` would be `ς` there. */
function folding(character: string): string {
  return character
    .toLowerCase() // `ẞ` has no other way to `ß` …
    .toUpperCase() // … which becomes `SS`, as all that folds to several letters does …
    .replace(/./gsu, (letter) => letter.toLowerCase()); // … and comes back to one form
}

/**
 * All but letters, numbers and the two marks that make another kana. An apostrophe, a length mark of phonetics and
 * the stretch of Arabic calligraphy are letters for Unicode, and no letter for anybody who types an answer.
 */
const nothing =
  /[^\p{L}\p{N}\u3099\u309A]|[\u02B9-\u02DF\u02EC\u02EE\u0640\u07FA]|\p{Default_Ignorable_Code_Point}/gu;
