/** Answers to security questions: which are no answer at all. Two are the same if their letters and digits are. */
import { withAsciiDigits } from '../text/digits.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';

const fewestCharacters = 2;

/** A family name or a place of one character is usual where a character is a word. */
const word = /^[\p{Script=Han}\uAC00-\uD7A3]$/u;

/** What many people answer, whatever the question, in the form in which answers are compared. */
const common = new Set([
  ...'abc abcd asdf qwerty azerty test test123 password passwort pass letmein admin secret answer antwort'.split(
    ' ',
  ),
  ...'x xx xxx aaa 111 123 1234 12345 123456 000 0000 null undefined unknown idk none nothing no yes na'.split(
    ' ',
  ),
  ...'blue red black dog cat pizza mom dad mother father'.split(' '),
  ...'dontknow idontknow donotknow idonotknow noidea ichweissnicht weissnicht keineahnung'.split(' '),
  ...'jenesaispas nelosaispas nolose لااعرف لااعلم'.split(' '),
]);

export type AnswerFault = 'too-short' | 'too-common' | 'in-the-question' | 'about-the-user' | 'repeated';

interface AnswerContext {
  /** The question in every language that it may be put in. */
  readonly wordings: readonly string[];
  /** The user's name and addresses. */
  readonly about: readonly string[];
  /** Answers to the other questions. */
  readonly others: readonly string[];
}

/** Why an answer is refused at enrolment; its letters and digits alone are looked at. */
export function answerFault(
  answer: string,
  { wordings, about, others }: AnswerContext,
): AnswerFault | undefined {
  const given = lettersAndDigits(answer);
  if (Array.from(given).length < fewestCharacters && !word.test(given)) return 'too-short';
  if (common.has(given)) return 'too-common';
  if (wordings.some((question) => standsIn(given, question))) return 'in-the-question';
  if (about.some((fact) => isAbout(given, fact))) return 'about-the-user';
  return others.some((other) => lettersAndDigits(other) === given) ? 'repeated' : undefined;
}

/** All of a text, or a word of it. */
function standsIn(answer: string, text: string): boolean {
  return (
    lettersAndDigits(text) === answer ||
    text.split(/[^\p{L}\p{M}\p{N}]+/u).some((part) => lettersAndDigits(part) === answer)
  );
}

/** A name or address, a part of one that stands by itself, or the end of a number. */
function isAbout(answer: string, fact: string): boolean {
  if (standsIn(answer, fact)) return true;
  const isNumber = /^\d{4,}$/.test(answer);
  return isNumber && withAsciiDigits(fact).replace(/\D/g, '').endsWith(answer);
}
