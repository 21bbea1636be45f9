/** Every page of the sign-in door as an answer: from the value that says what is shown to its text and headers. */
import { backupCodeContent, questionsContent } from './answers.ts';
import { chooseContent, recoveriesContent } from './choices.ts';
import { codeContent } from './code.ts';
import {
  deliveryFailedContent,
  lockedContent,
  noWayContent,
  outOfOrderContent,
  spentContent,
  waitingContent,
} from './dead-ends.ts';
import { type Content, documentOf } from './document.ts';
import { answerContent, errorContent, sessionOverContent, wayBackContent } from './endings.ts';
import { type Words, wordsOf } from './page-language.ts';
import type { PageFrame, RenderedPage, SignInPage } from './sign-in-page.ts';

export function renderSignIn(page: SignInPage, frame: PageFrame): RenderedPage {
  const words = wordsOf(frame);
  return documentOf(contentOf(page, words), frame, words);
}

function contentOf(page: SignInPage, words: Words): Content {
  switch (page.page) {
    case 'choose':
      return chooseContent(page, words);
    case 'code':
      return codeContent(page, words);
    case 'recoveries':
      return recoveriesContent(page, words);
    case 'questions':
      return questionsContent(page, words);
    case 'backup-code':
      return backupCodeContent(page, words);
    case 'waiting':
      return waitingContent(page, words);
    case 'spent':
      return spentContent(page, words);
    case 'locked':
      return lockedContent(page, words);
    case 'delivery-failed':
      return deliveryFailedContent(page, words);
    case 'no-way':
      return noWayContent(page, words);
    case 'out-of-order':
      return outOfOrderContent(page, words);
    case 'way-back':
      return wayBackContent(page, words);
    case 'answer':
      return answerContent(page, words);
    case 'session-over':
      return sessionOverContent(words);
    case 'error':
      return errorContent(page, words);
  }
}
