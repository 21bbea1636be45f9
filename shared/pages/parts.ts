/** What several pages are made of: forms, the summary of what went wrong, tiles to choose from, ways on. */
import type { PageTextKey } from '../messages/page-texts.ts';
import { type Html, html, nothing } from './html.ts';
import { icons } from './icons.ts';
import type { Words } from './page-language.ts';
import { type SignInAct, signInPaths } from './sign-in-form.ts';
import type { PageSession, Progress } from './sign-in-page.ts';

/** A form of a session: what the person does, and the step that the page shows. */
export function formOf(session: PageSession, act: SignInAct, fields: Html): Html {
  return html`<form method="post" action="${signInPaths(session.handle).here}" novalidate autocomplete="off">
<input type="hidden" name="act" value="${act}"><input type="hidden" name="step" value="${session.step}">
${fields}</form>`;
}

/** A button by itself. `plain` has a frame, `quiet` has none. */
export function buttonForm(
  session: PageSession,
  act: SignInAct,
  label: Html,
  look: 'main' | 'plain' | 'quiet',
): Html {
  return formOf(session, act, html`<button class="${look}">${label}</button>`);
}

export const submit = (label: Html): Html => html`<button>${label}</button>`;

export function linkButton(path: string, label: Html, look: 'main' | 'plain' | 'quiet'): Html {
  return html`<a class="button ${look}" href="${path}">${label}</a>`;
}

/** Every page of a session can be left: the client hears that the person gave up. */
export function giveUp(session: PageSession, words: Words): Html {
  return html`<div class="end">${buttonForm(session, 'give-up', words.say('give-up'), 'quiet')}</div>`;
}

export function personOf({ person }: PageSession, words: Words): Html {
  return html`<p class="person">${icons.person}<span>${words.say('person', { person })}</span></p>`;
}

/**
 * What went wrong, first on the page: read at once, and a link to the field. A page with one field says it here alone,
 * right above that field, which `why` describes then.
 */
export function problemSummary(
  words: Words,
  problems: readonly { readonly text: Html; readonly field?: string }[],
  attempts = nothing,
): Html {
  if (problems.length === 0) return nothing;
  const lines = problems.map(({ text, field }) =>
    field === undefined ? html`<p>${text}</p>` : html`<p><a href="#${field}">${text}</a></p>`,
  );
  return html`<div class="problem" role="alert" tabindex="-1" autofocus><h2>${words.say('error.summary')}</h2><div id="why">${lines}</div>${attempts}</div>`;
}

/** How many attempts are left, once they are few. */
export function attemptsLeft(words: Words, left: number | undefined): Html {
  if (left === undefined || left > fewAttempts || left < 1) return nothing;
  const key: PageTextKey = left === 1 ? 'last-attempt' : 'attempts-left';
  return html`<p>${words.say(key, { count: String(left) })}</p>`;
}

const fewAttempts = 2;

export function progressOf(words: Words, progress: Progress | undefined): Html {
  if (progress === undefined) return nothing;
  const [step, of] = [String(progress.step), String(progress.of)];
  return html`<p class="steps">${words.say('step', { step, of })}</p>`;
}

export interface Tile {
  readonly value: string;
  readonly icon: Html;
  readonly title: Html;
  readonly hint: Html;
  readonly disabled?: boolean;
}

/** Radio buttons. The first that may be chosen is chosen, and nothing happens before the form is sent. */
export function tiles(name: string, group: Html, choices: readonly Tile[]): Html {
  const first = choices.find(({ disabled }) => !disabled)?.value;
  const items = choices.map(
    ({ value, icon, title, hint, disabled }) => html`<label class="tile${disabled ? ' off' : ''}">
<input type="radio" name="${name}" value="${value}"${value === first ? html` checked id="${name}"` : nothing}${disabled ? html` disabled` : nothing}>
<span><b>${title}</b><small>${hint}</small></span>${icon}</label>`,
  );
  return html`<fieldset><legend class="unseen">${group}</legend>
<div class="tiles">${items}</div></fieldset>`;
}

export function note(icon: Html, text: Html): Html {
  return html`<div class="note">${icon}<p>${text}</p></div>`;
}

export const sign = (icon: Html, look: 'good' | 'bad'): Html =>
  html`<span class="${look} big">${icon}</span>`;
