/** The page on which a person enters the code that was sent: one field, and every way on if none comes. */
import type { Content } from './document.ts';
import { type Html, html, nothing } from './html.ts';
import { icons } from './icons.ts';
import { piece, type Words } from './page-language.ts';
import {
  attemptsLeft,
  buttonForm,
  formOf,
  giveUp,
  linkButton,
  note,
  personOf,
  problemSummary,
  progressOf,
  submit,
} from './parts.ts';
import { signInPaths } from './sign-in-form.ts';
import type { CodePage } from './sign-in-page.ts';

export function codeContent(page: CodePage, words: Words): Content {
  const { session, method, destination, problem, resent, delivery } = page;
  const lead = words.say(`code.lead.${method}`, { destination: piece(destination) });
  const again = resent && problem === undefined;
  const body = html`<p class="lead">${lead}</p>
${again ? html`<div role="status">${note(icons.check, words.say('code.resent'))}</div>` : nothing}
${personOf(session, words)}
${summaryOf(page, words)}
${formOf(session, 'code', html`${field(page, words)}${submit(words.say('continue'))}`)}
${helpFor(page, words)}
${giveUp(session, words)}`;
  return {
    heading: `code.heading.${method}`,
    above: progressOf(words, page.progress),
    body,
    session,
    isError: problem !== undefined,
    state: `code ${session.step} ${delivery} ${method} ${destination}`,
    ...(delivery === 'queued' ? { gaps: deliveryGaps } : {}),
  };
}

/** A message leaves within seconds, or fails; whoever fails to get one finds the ways on without it. */
const deliveryGaps = [3, 7, 15];

function field(page: CodePage, words: Words): Html {
  const { method, codeLength, problem } = page;
  const wrong = isAboutCode(problem);
  const length = String(codeLength);
  const sms = method === 'SMS' ? html` data-sms="yes"` : nothing;
  const focus = problem === undefined ? html` autofocus` : nothing;
  return html`<div class="field${wrong ? ' wrong' : ''}">
<label for="code">${words.say('code.label', { length })}</label>
<input id="code" class="digits" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" autocapitalize="none" dir="ltr" aria-describedby="${wrong ? 'why ' : ''}share"${wrong ? html` aria-invalid="true"` : nothing}${sms}${focus}>
${life(page, words)}</div>
${note(icons.shield, html`<span id="share">${words.say('code.share')}</span>`)}`;
}

/** The moments that a screen reader hears, in seconds before the end; the end itself is the fourth. */
const moments = [120, 60, 30];

function life({ expiresAt }: CodePage, words: Words): Html {
  const left = words.seconds(expiresAt);
  const texts = moments.map((moment) => [
    moment,
    words.plain('code.life.say', { left: words.lasting(moment) }),
  ]);
  const over = words.plain('code.over');
  const text = html`<span data-left>${words.lasting(left)}</span>`;
  const shown =
    left === 0
      ? html`<p class="why">${over}</p>`
      : html`<p class="hint" data-life="${left}" data-over="${over}" data-say="${JSON.stringify(texts)}">${words.say('code.life', { left: text })}</p>`;
  return html`${shown}<p class="why" id="over" role="alert"></p>`;
}

function helpFor(page: CodePage, words: Words): Html {
  const { session, method, resendAt, otherWays } = page;
  const wait = words.seconds(resendAt);
  const resend = words.say(method === 'Call' ? 'code.resend.Call' : 'code.resend');
  const span = html`<span data-in>${words.wait(resendAt)}</span>`;
  const waiting = html`<p data-wait="${wait}">${words.say('code.resend.wait', { in: span })}</p>`;
  return html`<section class="help" aria-labelledby="help">
<h2 id="help">${words.say('code.help')}</h2>
<p>${words.say(`code.help.${method}`)}</p>
<div>${wait > 0 ? waiting : nothing}
<div data-after>${buttonForm(session, 'resend', resend, 'plain')}<p class="after">${words.say('code.resend.dead')}</p></div></div>
${otherWays ? html`<div class="end">${linkButton(signInPaths(session.handle).ways, words.say('another-way'), 'plain')}</div>` : nothing}
</section>`;
}

function summaryOf(page: CodePage, words: Words): Html {
  if (page.problem === undefined) return nothing;
  const text = problemText(page, words);
  if (!isAboutCode(page.problem)) return problemSummary(words, [{ text }]);
  const left = page.problem === 'rejected' ? attemptsLeft(words, page.attemptsRemaining) : nothing;
  return problemSummary(words, [{ text, field: 'code' }], left);
}

function isAboutCode(problem: CodePage['problem']): boolean {
  return problem === 'rejected' || problem === 'malformed' || problem === 'missing';
}

function problemText({ problem, codeLength, resendAt }: CodePage, words: Words): Html {
  return problem === undefined
    ? nothing
    : words.say(`code.${problem}`, { length: String(codeLength), in: words.wait(resendAt) });
}
