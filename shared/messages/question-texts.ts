/** The security questions of this deployment: which may be enrolled, and their wording in each language. */
import { catalogue, isCatalogueQuestion } from '../domain/kba/catalogue.ts';
import type { QuestionIds } from '../domain/kba/choose-questions.ts';
import type { ListedQuestion } from '../domain/kba/question-list.ts';
import { locales, questionText, resolveLocale } from './texts.ts';

export interface SecurityQuestionTexts {
  /** Those that may be enrolled by their id, and those that are retired: answered, but not enrolled any more. */
  readonly ids: QuestionIds;
  /**
   * The wording in the language of the tag, or else in the default one. An organisation's own list does not hide the
   * built-in catalogue: people go on answering what they enrolled. `undefined` for an id that is in neither.
   */
  wording(id: string, tag?: string): string | undefined;
  /** The wording in every language that there is. */
  wordings(id: string): readonly string[];
}

interface QuestionEnvironment {
  readonly QUESTIONS?: string;
  readonly DEFAULT_LOCALE: string;
}

export function securityQuestionTexts({
  QUESTIONS,
  DEFAULT_LOCALE,
}: QuestionEnvironment): SecurityQuestionTexts {
  // Validated when the deployment was synthesized.
  const list = QUESTIONS === undefined ? [] : (JSON.parse(QUESTIONS) as readonly ListedQuestion[]);
  const listed = new Map(list.map(({ id, text }) => [id, text]));
  const lastResort = resolveLocale(DEFAULT_LOCALE);
  return {
    ids: {
      current: list.length > 0 ? idsOf(list.filter(({ retired }) => !retired)) : catalogue,
      retired: idsOf(list.filter(({ retired }) => retired)),
    },
    wording(id, tag = DEFAULT_LOCALE) {
      const locale = resolveLocale(tag, lastResort);
      if (isCatalogueQuestion(id)) return questionText(locale, id);
      const texts = listed.get(id);
      return texts?.[locale] ?? texts?.[lastResort];
    },
    wordings(id) {
      return isCatalogueQuestion(id)
        ? locales.map((locale) => questionText(locale, id))
        : Object.values(listed.get(id) ?? {});
    },
  };
}

const idsOf = (list: readonly ListedQuestion[]) => list.map(({ id }) => id);
