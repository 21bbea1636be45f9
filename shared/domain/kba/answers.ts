/** Answers to security questions: when two are the same, and which are no answer at all. */

/**
 * The form in which answers are compared, at enrolment and at every check: NFKC, full case folding (`ß` is
 * `ss`), no characters that show nothing, trimmed, inner white space as one space.
 */
export function normaliseAnswer(answer: string): string {
  return answer
    .normalize('NFKC')
    .toLowerCase() // `ẞ` has no other way to `ß` …
    .toUpperCase() // … which becomes `SS`, as all that folds to several letters does …
    .toLowerCase() // … and comes back to one form
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

const fewestCharacters = 2;

/** What many people answer, whatever the question. */
const common = new Set([
  ...'abc abcd asdf qwerty azerty test test123 password passwort pass letmein admin secret answer antwort'.split(
    ' ',
  ),
  ...'x xx xxx aaa 111 123 1234 12345 123456 000 0000 null undefined unknown idk none nothing no yes na n/a'.split(
    ' ',
  ),
  ...'blue red black dog cat pizza mom dad mother father'.split(' '),
  ...["don't know", "i don't know", 'dont know', 'i dont know', 'do not know', 'i do not know', 'no idea'],
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

/** Why an answer is refused at enrolment; all of it looked at after normalising. */
export function answerFault(
  answer: string,
  { wordings, about, others }: AnswerContext,
): AnswerFault | undefined {
  const normal = normaliseAnswer(answer);
  if (Array.from(normal).length < fewestCharacters) return 'too-short';
  if (common.has(normal)) return 'too-common';
  if (wordings.some((question) => standsIn(normal, normaliseAnswer(question)))) return 'in-the-question';
  if (about.some((fact) => isAbout(normal, normaliseAnswer(fact)))) return 'about-the-user';
  return others.some((other) => normaliseAnswer(other) === normal) ? 'repeated' : undefined;
}

/** All of a text, or a word of it. */
function standsIn(answer: string, text: string): boolean {
  return text === answer || text.split(/[^\p{L}\p{N}]+/u).includes(answer);
}

/** A name or address, a part of one that stands by itself, or the end of a number. */
function isAbout(answer: string, fact: string): boolean {
  if (standsIn(answer, fact)) return true;
  const digits = answer.replace(/\D/g, '');
  return (
    digits.length >= 4 &&
    digits.length === answer.replace(/[\s()+.-]/g, '').length &&
    fact.replace(/\D/g, '').endsWith(digits)
  );
}
