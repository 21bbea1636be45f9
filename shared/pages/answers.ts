/** The pages on which a person answers without a message: security questions and a backup code. */
import type { Content } from './document.ts';
import { type Html, html, nothing } from './html.ts';
import { icons } from './icons.ts';
import type { Words } from './page-language.ts';
import {
  attemptsLeft,
  formOf,
  giveUp,
  linkButton,
  note,
  personOf,
  problemSummary,
  progressOf,
  submit,
} from './parts.ts';
import { answerField, signInPaths } from './sign-in-form.ts';
import type { BackupCodePage, QuestionsPage } from './sign-in-page.ts';

export function questionsContent(page: QuestionsPage, words: Words): Content {
  const { session, questions, problem } = page;
  const missing = typeof problem === 'object' ? problem.places : [];
  const rejected = problem === 'rejected';
  const problems = rejected
    ? [{ text: words.say('questions.rejected'), field: answerField(0) }]
    : missing.map((place) => ({ text: html`<bdi>${questions[place]}</bdi>`, field: answerField(place) }));
  const fields = questions.map((question, place) =>
    questionField(question, place, { missing: missing.includes(place), rejected }, words),
  );
  const body = html`<p class="lead" id="lead">${words.say('questions.lead')}</p>
${problemSummary(words, problems, rejected ? attemptsLeft(words, page.attemptsRemaining) : nothing)}
${formOf(session, 'answers', html`${fields}${submit(words.say('continue'))}`)}
${anotherWay(session.handle, words)}
${giveUp(session, words)}`;
  const above = progressOf(words, page.progress);
  return { heading: 'questions.heading', above, body, session, isError: problem !== undefined };
}

function questionField(
  question: string,
  place: number,
  { missing, rejected }: { readonly missing: boolean; readonly rejected: boolean },
  words: Words,
): Html {
  const id = answerField(place);
  const why = html`<p class="why" id="${id}-why">${words.say('questions.missing')}</p>`;
  const invalid = missing || rejected ? html` aria-invalid="true"` : nothing;
  const described = missing ? html` aria-describedby="${id}-why"` : nothing;
  return html`<div class="field${missing || rejected ? ' wrong' : ''}">
<label for="${id}" dir="auto">${question}</label>
${missing ? why : nothing}
<input id="${id}" name="${id}" type="text" dir="auto" autocomplete="off" spellcheck="false" autocapitalize="none"${invalid}${described}></div>`;
}

export function backupCodeContent(page: BackupCodePage, words: Words): Content {
  const { session, problem, otherWays } = page;
  const text = problem === undefined ? nothing : words.say(`backup.${problem}`);
  const wrong = problem !== undefined;
  const summary = wrong ? problemSummary(words, [{ text, field: 'code' }]) : nothing;
  const field = html`<div class="field${wrong ? ' wrong' : ''}">
<label for="code">${words.say('backup.label')}</label>
<p class="hint" id="hint">${words.say('backup.hint')}</p>
<input id="code" class="letters" name="code" type="text" autocomplete="off" spellcheck="false" autocapitalize="characters" dir="ltr" aria-describedby="${wrong ? 'why ' : ''}hint share"${wrong ? html` aria-invalid="true"` : html` autofocus`}></div>
${note(icons.shield, html`<span id="share">${words.say('backup.share')}</span>`)}`;
  const body = html`<p class="lead">${words.say('backup.once')}</p>
${personOf(session, words)}
${summary}
${formOf(session, 'backup-code', html`${field}${submit(words.say('continue'))}`)}
${otherWays ? anotherWay(session.handle, words) : nothing}
${giveUp(session, words)}`;
  return { heading: 'backup.heading', body, session, isError: wrong };
}

function anotherWay(handle: string, words: Words): Html {
  return html`<div class="end">${linkButton(signInPaths(handle).ways, words.say('another-way'), 'plain')}</div>`;
}
