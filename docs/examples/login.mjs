/** A sample login on mfa-fallback/client: a password page of your own, then a code. Its state is a map; use your session. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createClient } from 'mfa-fallback/client';

const { API = 'http://127.0.0.1:3000', TOKEN_URL = `${API}/oauth2/token`, LOGIN_PORT = '3100' } = process.env;
const { CLIENT_ID: clientId = 'web-login', CLIENT_SECRET: clientSecret = 'local' } = process.env;
const mfa = createClient({ api: API, tokenUrl: TOKEN_URL, clientId, clientSecret });
const sessions = new Map();

const plain = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const button = (name, value, label) =>
  `<button name="${name}" value="${plain(value)}">${plain(label)}</button>`;
const page = (text, form = '') => `<!doctype html><title>Sign in</title><p>${plain(text)}</p>
  <form method="post">${form}</form>`;
const passwordPage = () =>
  page('Sign in', '<input name="user"><input name="password" type="password"><button>Next</button>');
const codePage = ({ prompt, methods, method }, note = '') =>
  page(
    `${note} ${prompt}`,
    `<input name="code" autocomplete="one-time-code" inputmode="numeric"><button>Next</button>
     ${methods.map((other) => button('resend', other, other === method ? 'Send again' : `Use ${other}`)).join('')}`,
  );

/** What each problem means to the person; `switch` on the code, since the list is closed. */
function noteOn({ code, attemptsRemaining, retryAfterSeconds: wait }) {
  if (code === 'invalid-request') return 'Please check what you typed.';
  if (code === 'code-rejected' && attemptsRemaining > 0)
    return `That code is wrong; ${attemptsRemaining} tries are left.`;
  if (code === 'rate-limited') return `Please wait ${wait} s for the next code.`;
  if (code === 'unavailable') return 'Please try again in a moment.';
  return undefined; // closed, exhausted, switched off: this challenge is over
}

/** One request of the browser: the session as it is, and what was typed. */
async function answer(session, typed) {
  if (typed.has('user')) {
    // Check the password here. The code comes after it.
    session.user = typed.get('user');
    session.challenge = undefined;
    const started = await mfa.startChallenge({ userId: session.user });
    if (!started.ok) return page(noteOn(started.problem) ?? 'Please call the help desk.');
    session.challenge = started.value;
  } else if (typed.has('resend') && session.challenge) {
    const sent = await mfa.resend(session.challenge.challengeId, { method: typed.get('resend') });
    if (!sent.ok) return codePage(session.challenge, noteOn(sent.problem));
    session.challenge = sent.value;
  } else if (typed.has('code') && session.challenge) {
    const verified = await mfa.verifyCode(session.challenge.challengeId, typed.get('code'));
    if (!verified.ok) {
      const note = noteOn(verified.problem);
      return note ? codePage(session.challenge, note) : page('Please start again.');
    }
    session.challenge = undefined;
    const claims = await mfa.checkAssertion(verified.value.assertion, { userId: session.user });
    return page(`Welcome, ${claims.sub}. ${claims.acr}`);
  }
  return session.challenge ? codePage(session.challenge) : passwordPage();
}

createServer(async (request, response) => {
  const known = /session=([\w-]{36})/.exec(request.headers.cookie ?? '')?.[1];
  const id = sessions.has(known) ? known : randomUUID();
  const session = sessions.get(id) ?? {};
  sessions.set(id, session);
  let body = '';
  for await (const piece of request) body += piece;
  const html = await answer(session, new URLSearchParams(body)).catch(() => page('Please try again later.'));
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(200, { ...headers, 'set-cookie': `session=${id}; HttpOnly; SameSite=Lax` }).end(html);
}).listen(Number(LOGIN_PORT), '127.0.0.1', function () {
  console.log(`ready http://127.0.0.1:${this.address().port}`);
});
