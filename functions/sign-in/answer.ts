/** The answers of this door: a page, or the way to the one that is due. */

import type { Language } from '../../shared/domain/text/language.ts';
import { spokenLanguage } from '../../shared/domain/text/language.ts';
import { type Answer, everyAnswer } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import { renderSignIn } from '../../shared/pages/render-sign-in.ts';
import { signInPaths } from '../../shared/pages/sign-in-form.ts';
import type { SignInPage } from '../../shared/pages/sign-in-page.ts';
import { branding, defaultLanguage } from './ports.ts';

/** @param now epoch milliseconds, by the door's clock */
export function pageAnswer(page: SignInPage, language: Language, now: number): Answer {
  const { statusCode, headers, body } = renderSignIn(page, { branding, language, now });
  return { statusCode, headers, body };
}

/** A page of no session, in the language of the browser. */
export function plainPage(page: SignInPage, event: WebEvent, now: number): Answer {
  return pageAnswer(page, languageOf(event), now);
}

/** `ui_locales` first, then what the browser asks for. */
export function languageOf({ headers }: WebEvent, uiLocales = ''): Language {
  return spokenLanguage(uiLocales) ?? spokenLanguage(headers['accept-language'] ?? '') ?? defaultLanguage;
}

/** After a form: the browser asks for the page that is due, so that a reload sends nothing again. */
export function toSession(handle: string, cookies?: string[]): Answer {
  return {
    statusCode: 303,
    headers: {
      ...everyAnswer,
      location: signInPaths(handle).here,
      'referrer-policy': 'no-referrer',
    },
    ...(cookies === undefined ? {} : { cookies }),
    body: '',
  };
}
