/** The pages on which a session cannot go on as it was. Each names the next way. */
import type { Content } from './document.ts';
import { type Html, html, nothing } from './html.ts';
import { icons } from './icons.ts';
import { piece, type Words } from './page-language.ts';
import { buttonForm, giveUp, linkButton, sign } from './parts.ts';
import { signInPaths } from './sign-in-form.ts';
import type {
  DeliveryFailedPage,
  LockedPage,
  NoWayPage,
  OutOfOrderPage,
  SpentPage,
  WaitingPage,
} from './sign-in-page.ts';

export function waitingContent({ session }: WaitingPage, words: Words): Content {
  const { here } = signInPaths(session.handle);
  const body = html`<p class="lead" role="status">${words.say('waiting.lead')}</p>
${linkButton(here, words.say('continue'), 'plain')}
${giveUp(session, words)}`;
  return {
    heading: 'waiting.heading',
    above: html`<div class="spin" aria-hidden="true"></div>`,
    body,
    session,
    state: `waiting ${session.step}`,
    gaps: [1, 1, 1, 2, 2, 3, 3, 5, 5, 5, 10, 10, 10, 30, 30],
    refresh: { seconds: 2, url: here, always: false },
  };
}

export function spentContent({ session, what, otherWays }: SpentPage, words: Words): Content {
  const { ways } = signInPaths(session.handle);
  const on = what === 'code' ? words.say('code.resend') : words.say('another-way');
  const body = html`<p class="lead">${words.say(otherWays ? `spent.${what}.lead` : 'no-way.lead')}</p>
${otherWays ? linkButton(ways, on, 'main') : nothing}
${giveUp(session, words)}`;
  return { heading: `spent.${what}.heading`, above: sign(icons.alert, 'bad'), body, session };
}

export function lockedContent({ session, until }: LockedPage, words: Words): Content {
  const stopped = until === undefined;
  const body = html`${stopped ? html`<p class="lead">${words.say('locked.stopped')}</p>` : waitFor(session.handle, until, words)}
<p class="soft end">${words.say('locked.ways')}</p>
${giveUp(session, words)}`;
  const heading = stopped ? 'locked.stopped.heading' : 'locked.heading';
  return { heading, above: sign(icons.lock, 'bad'), body, session };
}

function waitFor(handle: string, until: number, words: Words): Html {
  const text = words.say('locked.until', { in: html`<b data-in>${words.wait(until)}</b>` });
  return html`<div><p class="lead"><span data-wait="${words.seconds(until)}">${text}</span> <span data-clock="${words.plain('locked.until.clock')}"></span></p>
<div data-after>${linkButton(signInPaths(handle).here, words.say('try-again'), 'main')}</div></div>`;
}

export function deliveryFailedContent(page: DeliveryFailedPage, words: Words): Content {
  const { session, method, destination, otherWays } = page;
  const { ways } = signInPaths(session.handle);
  const again = otherWays ? 'plain' : 'main';
  const body = html`<p class="lead">${words.say(`failed.${method}`, { destination: piece(destination) })}</p>
<div class="stack">
${otherWays ? linkButton(ways, words.say('another-way'), 'main') : nothing}
${buttonForm(session, 'resend', words.say('try-again'), again)}
</div>
${giveUp(session, words)}`;
  return { heading: 'failed.heading', above: sign(icons.alert, 'bad'), body, session };
}

export function noWayContent({ session, back }: NoWayPage, words: Words): Content {
  const body = html`<p class="lead">${words.say('no-way.lead')}</p>
${back ? linkButton(signInPaths(session.handle).ways, words.say('back'), 'plain') : nothing}
${giveUp(session, words)}`;
  return { heading: 'no-way.heading', above: sign(icons.support, 'good'), body, session };
}

export function outOfOrderContent({ session }: OutOfOrderPage, words: Words): Content {
  const on =
    session === undefined
      ? nothing
      : html`${linkButton(signInPaths(session.handle).here, words.say('try-again'), 'main')}${giveUp(session, words)}`;
  const body = html`<p class="lead">${words.say('order.lead')}</p>${on}`;
  return { heading: 'order.heading', above: sign(icons.alert, 'bad'), body, session, statusCode: 503 };
}
