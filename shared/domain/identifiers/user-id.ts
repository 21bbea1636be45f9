/** User ids: how they are spelled, and the form in which they are compared. */

// Joiners belong to the spelling of names in Persian and Hindi. No other invisible character does.
const invisible = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;
const joiners = /[\u200c\u200d]/gu;
/** Letters, marks, numbers, punctuation and symbols of any script, single spaces inside. */
const wellFormed =
  /^(?!.*["/<>\uFFFD])(?!\.{1,2}$)[\p{L}\p{M}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u;
const longest = 128; // code points
/** ASCII without a space: nothing is left out of it, and its folding is its lower case. */
const plain = /^[!-~]+$/;

/**
 * A name as it was given, without what nobody sees: `O'Brien`, `John Smith`, `CORP\erin`, `auth0|5f7c8e`. `undefined`
 * for a text that is no name. Looked at after NFKC, so that no compatibility character brings a refused one in.
 */
export function readUserId(text: string): string | undefined {
  const spelled = withoutSpaces(text.trim().replace(invisible, ''));
  const compared = comparable(spelled);
  const { length } = Array.from(compared);
  return length <= longest && wellFormed.test(compared) && text.isWellFormed() ? spelled : undefined;
}

/** Whether `readUserId` takes it. */
export function isUserId(text: string): boolean {
  return readUserId(text) !== undefined;
}

const comparable = (name: string): string => withoutSpaces(name.replace(joiners, '').normalize('NFKC'));

/** Spaces of any width, and no other white space: a line break inside a name is refused and not joined. */
const withoutSpaces = (text: string): string => text.replace(/\p{Zs}+/gu, ' ').replace(/^ | $/g, '');

/**
 * The form in which two spellings of one name are equal: NFKC, then Unicode's default full case folding, which knows
 * no language. `Straße` is `strasse`, and `ı` is not `i`.
 */
export function foldUserId(userId: string): string {
  if (plain.test(userId)) return userId.toLowerCase();
  const visible = comparable(userId.replace(invisible, '').replace(joiners, '').trim());
  return Array.from(visible, foldCharacter).join('').normalize('NFKC');
}

/** Lower, upper and lower case of each letter: what folds to several letters does, and no neighbour matters. */
function foldCharacter(character: string): string {
  if (character === 'ı') return character; // its upper case is that of `i`, its folding is itself
  const upper = character.toLowerCase().toUpperCase(); // lower case first: `ẞ` has no other upper case than itself
  return Array.from(upper, (letter) => letter.toLowerCase()).join('');
}
