/** The pages outside a session: the ways back to the client, and what cannot be trusted to return anywhere. */
import type { PageTextKey } from '../messages/page-texts.ts';
import type { Content } from './document.ts';
import { type Html, html, nothing } from './html.ts';
import { icons } from './icons.ts';
import type { Words } from './page-language.ts';
import { linkButton, sign } from './parts.ts';
import type { AnswerPage, ErrorPage, Outcome, WayBackPage } from './sign-in-page.ts';

/** With these the person has nothing to read; with the others the page waits to be read. */
const goesOn = (outcome: Outcome): boolean => outcome === 'verified' || outcome === 'gave-up';

export function wayBackContent({ outcome, url, clientName }: WayBackPage, words: Words): Content {
  return {
    heading: `done.${outcome}.heading`,
    above: signOf(outcome),
    body: html`<p class="lead">${words.say(`done.${outcome}.lead`)}</p>
${linkButton(safe(url), returnLabel(clientName, words), 'main')}`,
    ...(goesOn(outcome) ? { refresh: { seconds: 0, url, always: true } } : {}),
  };
}

export function answerContent(page: AnswerPage, words: Words): Content {
  const { outcome, action, fields, clientName } = page;
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return {
    heading: `done.${outcome}.heading`,
    above: signOf(outcome),
    body: html`<p class="lead">${words.say(`done.${outcome}.lead`)}</p>
<form method="post" action="${safe(action)}">${hidden}<button>${returnLabel(clientName, words)}</button></form>`,
    formTarget: new URL(action).origin,
    submitsItself: goesOn(outcome),
  };
}

function returnLabel(clientName: string | undefined, words: Words): Html {
  return clientName === undefined
    ? words.say('done.return')
    : words.say('done.return.name', { client: clientName });
}

function signOf(outcome: Outcome): Html {
  if (outcome === 'verified') return sign(icons.check, 'good');
  return outcome === 'gave-up' ? nothing : sign(icons.alert, 'bad');
}

/** A client's address may have a scheme of its own, but none that would run in this page. */
function safe(url: string): string {
  const { protocol } = new URL(url);
  if (['javascript:', 'data:', 'vbscript:', 'blob:', 'file:'].includes(protocol)) {
    throw new Error('a way back must not run in the page');
  }
  return url;
}

export function sessionOverContent(words: Words): Content {
  const body = html`<p>${words.say('over.lead')}</p>`;
  return { heading: 'over.heading', above: sign(icons.clock, 'good'), body, statusCode: 410 };
}

const statusOf: Record<ErrorPage['reason'], number> = {
  'unknown-request': 400,
  'refused-hint': 400,
  'foreign-form': 403,
  'bad-form': 400,
  'not-found': 404,
};

export function errorContent({ reason, reference }: ErrorPage, words: Words): Content {
  const heading: PageTextKey = `fault.${reason}.heading`;
  const word =
    reference === undefined
      ? nothing
      : html`<p class="soft">${words.say('fault.reference', { reference })}</p>`;
  const body = html`<p>${words.say(`fault.${reason}.lead`)}</p>${word}`;
  return { heading, above: sign(icons.alert, 'bad'), body, statusCode: statusOf[reason] };
}
