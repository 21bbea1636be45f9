/** The organisation's own security questions in a stage: their shape, and what they need of the other fields. */
import * as z from 'zod';
import { isCatalogueQuestion } from '../../shared/domain/kba/catalogue.ts';
import { isListId, type ListedQuestion, questionLength } from '../../shared/domain/kba/question-list.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { environmentBytes } from './environment-size.ts';
import type { ConfigurationProblem } from './problems.ts';

const { fewest, most } = questionLength;
const length = `one line of ${fewest} to ${most} characters`;
const wording = z
  .string({ error: length })
  .regex(new RegExp(`^\\P{Cc}{${fewest},${most}}$`, 'u'), { error: length });

const idAllowed =
  '3 to 32 lower-case letters, digits and hyphens, not one that starts with own-, or an id of the built-in catalogue';
const listAllowed = 'a list of 3 to 40 questions, or leave it out for the built-in catalogue';
const retiredAllowed = 'true, or leave it out';

export function questionsSchema<const L extends readonly string[]>(locales: L) {
  const texts = Object.fromEntries(locales.map((locale) => [locale, wording.optional()]));
  return z
    .array(
      z.strictObject({
        id: z.string({ error: idAllowed }).refine(isListId, { error: idAllowed }),
        text: z.strictObject(texts).optional(),
        retired: z.literal(true, { error: retiredAllowed }).optional(),
      }),
      { error: listAllowed },
    )
    .min(3, { error: listAllowed })
    .max(40, { error: listAllowed });
}

/** As the functions get them. */
export function questionsVariable(questions: readonly object[]): string {
  return JSON.stringify(questions);
}

/** Variables beside the policy, the questions and the keys: names, ARNs and URLs, at their longest. */
const otherBytes = 900;
const keyBytes = 100; // a version and the ARN of its key

export interface QuestionSurroundings {
  readonly policy: Policy;
  readonly defaultLocale: string;
  /** Of all keys that a function knows. */
  readonly keyVersions: number;
}

/** Everything that is wrong with a list whose questions are well-formed by themselves. */
export function questionProblems(
  questions: readonly ListedQuestion[],
  { policy, defaultLocale, keyVersions }: QuestionSurroundings,
): ConfigurationProblem[] {
  const problems = questions.flatMap((question, place) => [
    ...idProblems(question, place, questions),
    ...textProblems(question, `questions.${place}.text`, defaultLocale),
  ]);
  const { questions: asked } = policy.kba;
  const retired = questions.filter((question) => question.retired).length;
  const current = questions.length - retired;
  if (current < asked) {
    const message = `${current} are given that may be enrolled; use at least policy.kba.questions, which is ${asked}`;
    problems.push({ field: 'questions', message });
  }
  if (retired > 0 && retired < asked) {
    const message = `${retired} are retired, too few to ask anybody; use at least policy.kba.questions, which is ${asked}, or none`;
    problems.push({ field: 'questions', message });
  }
  const taken = Buffer.byteLength(questionsVariable(questions));
  const room =
    environmentBytes - otherBytes - keyBytes * keyVersions - Buffer.byteLength(JSON.stringify(policy));
  if (taken > room) {
    const message = `they take ${taken} bytes; use at most ${room}, which is what Lambda's environment has left: fewer questions, shorter ones or fewer languages`;
    problems.push({ field: 'questions', message });
  }
  return problems;
}

function idProblems(
  { id }: ListedQuestion,
  place: number,
  questions: readonly ListedQuestion[],
): ConfigurationProblem[] {
  const first = questions.findIndex((question) => question.id === id);
  if (first === place) return [];
  const message = `"${id}" is taken by questions.${first}; use another id`;
  return [{ field: `questions.${place}.id`, message }];
}

function textProblems(
  { id, text }: ListedQuestion,
  field: string,
  defaultLocale: string,
): ConfigurationProblem[] {
  if (isCatalogueQuestion(id)) {
    const message = `"${id}" has its wording from the built-in catalogue; leave the text out, or use another id`;
    return text === undefined ? [] : [{ field, message }];
  }
  if (text?.[defaultLocale] !== undefined) return [];
  const message = `it is missing; use a text in organisation.defaultLocale, which is ${defaultLocale}`;
  return [{ field: `${field}.${defaultLocale}`, message }];
}
