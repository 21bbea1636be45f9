/** The pages behind the link in notices as answers. Each works without JavaScript, and none submits itself. */
import { type Content, documentOf } from './document.ts';
import { html } from './html.ts';
import { icons } from './icons.ts';
import type { NotMePage } from './not-me-page.ts';
import { type Words, wordsOf } from './page-language.ts';
import { sign } from './parts.ts';
import type { PageFrame, RenderedPage } from './sign-in-page.ts';

export function renderNotMe(page: NotMePage, frame: PageFrame): RenderedPage {
  const words = wordsOf(frame);
  return documentOf(contentOf(page, words), frame, words);
}

function contentOf(page: NotMePage, words: Words): Content {
  switch (page.page) {
    case 'not-me':
      return askContent(page.path, words);
    case 'stopped':
      return {
        heading: 'stopped.heading',
        above: sign(icons.lock, 'good'),
        body: html`<p>${words.say('stopped.lead')}</p><p class="soft">${words.say('not-me.sessions')}</p>`,
      };
    case 'link-over':
      return {
        heading: 'link-over.heading',
        above: sign(icons.clock, 'good'),
        body: html`<p>${words.say('link-over.lead')}</p>`,
        statusCode: 410,
      };
    case 'not-me-unavailable':
      return {
        heading: 'order.heading',
        above: sign(icons.alert, 'bad'),
        body: html`<p>${words.say('not-me-unavailable.lead')}</p>`,
        statusCode: 503,
      };
  }
}

function askContent(path: string, words: Words): Content {
  const body = html`<p>${words.say('not-me.lead')}</p>
<ul><li>${words.say('not-me.stops')}</li><li>${words.say('not-me.help-desk')}</li><li>${words.say('not-me.sessions')}</li></ul>
<form method="post" action="${path}"><button>${words.say('not-me.submit')}</button></form>
<p class="end soft">${words.say('not-me.nothing')}</p>`;
  return { heading: 'not-me.heading', above: sign(icons.shield, 'good'), body };
}
