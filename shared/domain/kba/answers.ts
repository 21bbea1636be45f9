/** Answers to security questions: which are no answer at all. Two are the same if their letters and digits are. */
import { withAsciiDigits } from '../text/digits.ts';
import { withoutInvisible } from '../text/invisible.ts';
import type { Language } from '../text/language.ts';
import { lettersAndDigits } from '../text/letters-and-digits.ts';

const fewestCharacters = 2;

/** A family name or a place of one character is usual where a character is a word. */
const word = /^[\p{Script=Han}\uAC00-\uD7A3]$/u;

/** "I don't know" and its like, as letters and digits. */
const noAnswers: Readonly<Record<Language, string>> = {
  en: 'dontknow idontknow donotknow idonotknow noidea',
  de: 'ichweissnicht weissnicht keineahnung',
  fr: 'jenesaispas jenelesaispas',
  es: 'nolose',
  ar: 'لااعرف لااعلم',
};

/** What many people answer, whatever the question, in the form in which answers are compared. */
const common = new Set([
  ...'abc abcd asdf qwerty azerty test test123 password passwort pass letmein admin secret answer antwort'.split(
    ' ',
  ),
  ...'x xx xxx aaa 111 123 1234 12345 123456 000 0000 null undefined unknown idk none nothing no yes'.split(
    ' ',
  ),
  ...'blue red black dog cat pizza mom dad mother father'.split(' '),
  ...Object.values(noAnswers).flatMap((phrases) => phrases.split(' ')),
]);

/**
 * Na, Ka, So and Nd are family names, while n/a, k. A., s. o. and n/d say that there is no answer. Only what was typed
 * between the letters tells them apart, so it is looked at before it is left out.
 */
const abbreviations = new Set(['na', 'ka', 'so', 'nd']);
const apart = /\p{L}\p{M}*[^\p{L}\p{M}]+\p{L}/u;

export type AnswerFault = 'too-short' | 'too-common' | 'in-the-question' | 'about-the-user' | 'repeated';

interface AnswerContext {
  /** The question in every language that it may be put in. */
  readonly wordings: readonly string[];
  /** The user's name and addresses. */
  readonly about: readonly string[];
  /** Answers to the other questions. */
  readonly others: readonly string[];
}

/** Why an answer is refused at enrolment; its letters and digits are looked at, and of abbreviations what parts them. */
export function answerFault(
  answer: string,
  { wordings, about, others }: AnswerContext,
): AnswerFault | undefined {
  const given = lettersAndDigits(answer);
  if (Array.from(given).length < fewestCharacters && !word.test(given)) return 'too-short';
  if (common.has(given) || isAbbreviation(answer, given)) return 'too-common';
  if (wordings.some((question) => standsIn(given, question))) return 'in-the-question';
  if (about.some((fact) => isAbout(given, fact))) return 'about-the-user';
  return others.some((other) => lettersAndDigits(other) === given) ? 'repeated' : undefined;
}

function isAbbreviation(answer: string, given: string): boolean {
  return abbreviations.has(given) && apart.test(withoutInvisible(answer));
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
