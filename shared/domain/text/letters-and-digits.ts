/** The one form of a text in which its letters and digits count, and nothing else does. */
import { withAsciiDigits } from './digits.ts';

/**
 * NFKC, Unicode's full case folding, no marks, digits of any script by value, and of the rest letters and numbers
 * alone. So `St Mary’s` is `stmarys`, `Straße` is `strasse`, `İ` and `ı` are `i`, and `é` is `e`.
 */
export function lettersAndDigits(text: string): string {
  const folded = fold(text.normalize('NFKD')).normalize('NFKD');
  return withAsciiDigits(folded.replace(nothing, '')).normalize('NFC');
}

function fold(text: string): string {
  return text
    .toLowerCase() // `ẞ` has no other way to `ß` …
    .toUpperCase() // … which becomes `SS`, as all that folds to several letters does …
    .toLowerCase() // … and comes back to one form,
    .replaceAll('ς', 'σ'); // but for the one letter whose lower case depends on where a word ends
}

/**
 * All but letters, numbers and the two marks that make another kana. An apostrophe, a length mark of phonetics and
 * the stretch of Arabic calligraphy are letters for Unicode, and no letter for anybody who types an answer.
 */
const nothing =
  /[^\p{L}\p{N}\u3099\u309A]|[\u02B9-\u02DF\u02EC\u02EE\u0640\u07FA]|\p{Default_Ignorable_Code_Point}/gu;
