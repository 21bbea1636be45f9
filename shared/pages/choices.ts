/** The pages on which a person chooses: how the code comes, or another way to prove who they are. */
import type { Method } from '../domain/policy/policy.ts';
import type { RecoveryPath } from '../domain/policy/recovery-paths.ts';
import type { Content } from './document.ts';
import { type Html, html, nothing } from './html.ts';
import { icons } from './icons.ts';
import { piece, type Words } from './page-language.ts';
import { formOf, giveUp, linkButton, personOf, problemSummary, submit, type Tile, tiles } from './parts.ts';
import { signInPaths } from './sign-in-form.ts';
import type { ChoosePage, OfferedMethod, RecoveriesPage } from './sign-in-page.ts';

const methodIcons: Record<Method, Html> = {
  SMS: icons.message,
  Email: icons.email,
  Call: icons.call,
};

export function chooseContent(page: ChoosePage, words: Words): Content {
  const { session, methods, current, problem } = page;
  const paths = signInPaths(session.handle);
  const again = current !== undefined;
  // Whoever looks for another way did not get far by the last one.
  const inOrder = methods.toSorted(
    (one, other) => Number(one.method === current) - Number(other.method === current),
  );
  const choices = inOrder.map((method) => methodTile(method, current, words));
  const isOpen = methods.some(({ outOfOrder }) => !outOfOrder);
  const body = html`<p class="lead">${words.say(again ? 'choose.lead.other' : 'choose.lead')}</p>
${again ? nothing : personOf(session, words)}
${summaryOf(problem, 'method', words)}
${formOf(
  session,
  'method',
  html`${tiles('method', words.say('choose.heading'), choices)}
${isOpen ? submit(words.say('choose.submit')) : nothing}`,
)}
<div class="stack end">
${page.recoveries ? linkButton(paths.recoveries, words.say('choose.none'), 'plain') : nothing}
${again ? linkButton(paths.here, words.say('choose.back'), 'quiet') : nothing}
</div>
${giveUp(session, words)}`;
  const heading = again ? 'choose.heading.other' : 'choose.heading';
  return { heading, body, session, isError: problem !== undefined };
}

function methodTile(offered: OfferedMethod, current: Method | undefined, words: Words): Tile {
  const { method, destination, outOfOrder = false } = offered;
  const to = words.say('method.to', { destination: piece(destination) });
  return {
    value: method,
    icon: methodIcons[method],
    title: words.say(`method.${method}`),
    hint: outOfOrder
      ? words.say('method.out-of-order')
      : html`${to}${method === current ? html`<br>${words.say('method.current')}` : nothing}`,
    disabled: outOfOrder,
  };
}

const pathIcons: Record<RecoveryPath, Html> = {
  kba: icons.questions,
  'otp-alternate-email': icons.email,
  'kba+otp-alternate-email': icons.questions,
  'backup-code': icons.key,
};

export function recoveriesContent(page: RecoveriesPage, words: Words): Content {
  const { session, paths, back, problem } = page;
  const choices = paths.map((path) => ({
    value: path,
    icon: pathIcons[path],
    title: words.say(`path.${path}`),
    hint: words.say(`path.${path}.hint`),
  }));
  const body = html`<p class="lead">${words.say('recoveries.lead')}</p>
${summaryOf(problem, 'path', words)}
${formOf(
  session,
  'recovery',
  html`${tiles('path', words.say('recoveries.heading'), choices)}
${submit(words.say('continue'))}`,
)}
<p class="end soft">${words.say('recoveries.none')}</p>
${back ? linkButton(signInPaths(session.handle).ways, words.say('back'), 'plain') : nothing}
${giveUp(session, words)}`;
  return { heading: 'recoveries.heading', body, session, isError: problem !== undefined };
}

function summaryOf(problem: ChoosePage['problem'], field: string, words: Words): Html {
  if (problem === undefined) return nothing;
  if (problem === 'not-chosen')
    return problemSummary(words, [{ text: words.say('problem.not-chosen'), field }]);
  if (problem === 'unavailable') return problemSummary(words, [{ text: words.say('problem.unavailable') }]);
  return problemSummary(words, [{ text: words.say('problem.too-many', { in: words.wait(problem.until) }) }]);
}
