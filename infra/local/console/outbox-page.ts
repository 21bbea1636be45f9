/** The outbox as a page for people. */
import { createHash } from 'node:crypto';
import type { OutboxEntry } from '../aws/outbox.ts';

const style = `
:root { color-scheme: light dark; --line: light-dark(#d4d7dd, #3a3f4b); --soft: light-dark(#565d6b, #a9b1c0);
  --card: light-dark(#fff, #1c1f26); --page: light-dark(#f4f5f7, #121419); --accent: light-dark(#1f4fd8, #8fb0ff); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; }
.intro { color: var(--soft); margin: .25rem 0 1.5rem; }
form, .tools { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-bottom: 1rem; }
input[type=search] { flex: 1 1 14rem; }
input[type=search], button { font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); color: inherit; min-height: 2.75rem; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
.channel { color: var(--accent); margin-inline-end: .5rem; }
time, .subject { color: var(--soft); font-size: .9rem; }
.body { margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.empty { color: var(--soft); text-align: center; padding: 3rem 1rem; border: 1px dashed var(--line); border-radius: .75rem; }
`;

// Swaps the list in place, so that reading position and focus stay; the box switches it off.
const script = `
const messages = document.getElementById('messages');
const auto = document.getElementById('auto');
async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById('messages').innerHTML;
  if (fresh !== messages.dataset.last) messages.innerHTML = messages.dataset.last = fresh;
}
messages.dataset.last = messages.innerHTML;
document.getElementById('refresh').addEventListener('click', refresh);
document.getElementById('clear').addEventListener('click', async () => {
  await fetch('/local/outbox', { method: 'DELETE' });
  await refresh();
});
setInterval(() => auto.checked && refresh(), 2000);
`;

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Content-Security-Policy of the page: its own style and script, its own host, nothing else. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src ${digest(style)}`,
  `script-src ${digest(script)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** @param to the address that the list is narrowed to. */
export function outboxPage(entries: readonly OutboxEntry[], to = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outbox</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Outbox</h1>
<p class="intro">Every SMS, email and call that left this local stack, newest first. Nothing went to a real address.</p>
<form>
<label for="to">To</label>
<input id="to" type="search" name="to" value="${escaped(to)}" placeholder="phone number or email address" autocomplete="off">
<button>Show</button>
</form>
<div class="tools">
<button id="refresh" type="button">Refresh</button>
<label><input id="auto" type="checkbox" checked> every two seconds</label>
<button id="clear" type="button">Empty the outbox</button>
</div>
<div id="messages" aria-live="polite">${entries.length === 0 ? nothing : list(entries)}</div>
</main>
<script>${script}</script>
</body>
</html>
`;
}

const nothing = '<p class="empty">Nothing has been sent.</p>';

function list(entries: readonly OutboxEntry[]): string {
  return `<ol>${entries.map(item).join('')}</ol>`;
}

function item({ channel, to, subject, body, at }: OutboxEntry): string {
  const about = subject === undefined ? '' : `<p class="subject">${escaped(subject)}</p>`;
  return `<li><article>
<h2><span class="channel">${channel}</span>${escaped(to)}</h2>
<time datetime="${escaped(at)}">${escaped(at)}</time>
${about}<p class="body" dir="auto">${escaped(body)}</p>
</article></li>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
