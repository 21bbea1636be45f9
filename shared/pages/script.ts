/**
 * What a page does with JavaScript, and only to help: it submits once, counts down, waits for the next step and takes
 * the code from an SMS. It holds no token and calls no API; without it every page works.
 *
 * It is text, because it runs in a browser. A page's elements say by their `data-` attributes what they want.
 */

/** A second press sends nothing. The button keeps the focus, which `disabled` would take from it. */
const submitOnce = `
let filling;
const patience = 10000;
addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  filling?.abort();
  const button = form.querySelector('button');
  button?.setAttribute('aria-disabled', 'true');
  setTimeout(() => {
    delete form.dataset.sent;
    button?.removeAttribute('aria-disabled');
  }, patience);
});
addEventListener('pageshow', (event) => event.persisted && location.reload());
`;

/** A clock that is set or a device that sleeps: what counts is how long ago the page came. */
const countDown = `
const one = (selector) => document.querySelector(selector);
const came = Date.now();
const language = document.documentElement.lang + '-u-nu-latn';
const soon = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
const say = (text) => { one('#said').textContent = text; };
const due = () => location.replace(document.body.dataset.here);
const ticks = [];
const countFrom = (seconds, each) => {
  let before = seconds;
  ticks.push(() => {
    const left = Math.max(0, Math.ceil(seconds - (Date.now() - came) / 1000));
    each(left, before);
    before = left;
  });
};
const crossed = (moment, left, before) => left <= moment && before > moment;
const wait = (left) => left < 60 ? soon.format(left, 'second')
  : left < 3600 ? soon.format(Math.ceil(left / 60), 'minute') : soon.format(Math.ceil(left / 3600), 'hour');
`;

/** A screen reader hears four moments of a code's life, and not each second. */
const codeLife = `
const life = one('[data-life]');
if (life) {
  const texts = JSON.parse(life.dataset.say);
  const shown = life.querySelector('[data-left]');
  countFrom(Number(life.dataset.life), (left, before) => {
    shown.textContent = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
    for (const [moment, text] of texts) if (left > 0 && crossed(moment, left, before)) say(text);
    if (left > 0 || life.hidden) return;
    life.hidden = true;
    one('#over').textContent = life.dataset.over;
  });
}
for (const waiting of document.querySelectorAll('[data-wait]')) {
  const shown = waiting.querySelector('[data-in]');
  const around = waiting.closest('div');
  const after = around.querySelector('[data-after]');
  const clock = around.querySelector('[data-clock]');
  const seconds = Number(waiting.dataset.wait);
  if (after) after.hidden = true;
  if (clock) {
    const at = new Date(came + seconds * 1000);
    const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(at);
    clock.textContent = clock.dataset.clock.replace('{time}', time);
  }
  countFrom(seconds, (left) => {
    if (shown) shown.textContent = wait(Math.max(1, left));
    waiting.hidden = left === 0;
    if (clock) clock.hidden = left === 0;
    if (after) after.hidden = left > 0;
  });
}
`;

/** The session's end is said two minutes before, and shown when it comes. */
const sessionEnd = `
const { ends, ending } = document.body.dataset;
if (ends) countFrom(Number(ends), (left, before) => {
  if (left > 0 && crossed(120, left, before)) say(ending);
  if (left === 0 && before > 0) due();
});
if (ticks.length > 0) {
  const tick = () => ticks.forEach((each) => each());
  tick();
  setInterval(tick, 1000);
}
`;

/** Asks for the page again, in growing gaps, until another is due. What somebody is typing stays. */
const waitForNext = `
const main = one('main');
const field = one('#code');
const gaps = (main.dataset.gaps ?? '').split(' ').filter(Boolean).map(Number);
const look = async () => {
  const answer = await fetch(document.body.dataset.here, { cache: 'no-store' }).catch(() => undefined);
  if (answer) {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (page.querySelector('main')?.dataset.state !== main.dataset.state && !field?.value) return due();
  }
  lookLater();
};
const lookLater = () => {
  const gap = gaps.shift();
  if (gap) setTimeout(look, gap * 1000);
};
lookLater();
`;

/** A field of one line joins the lines of what is pasted; a space keeps the code apart from what stands beside it. */
const takeCode = `
field?.addEventListener('paste', (event) => {
  const pasted = event.clipboardData?.getData('text') ?? '';
  if (!/[\\r\\n]/.test(pasted)) return;
  event.preventDefault();
  field.setRangeText(pasted.replace(/\\s+/g, ' '), field.selectionStart, field.selectionEnd, 'end');
});
if (field?.dataset.sms && 'OTPCredential' in window) {
  filling = new AbortController();
  navigator.credentials.get({ otp: { transport: ['sms'] }, signal: filling.signal }).then((sms) => {
    if (!sms?.code || field.value) return;
    field.value = sms.code;
    field.form.requestSubmit();
  }).catch(() => {});
}
`;

const trimmed = (script: string): string => script.replace(/^\s+/gm, '');

export const pageScript = trimmed(
  `(() => {${[submitOnce, countDown, codeLife, sessionEnd, waitForNext, takeCode].join('')}})();`,
);

/** On the page whose form takes the answer to another origin. Without JavaScript there is a button. */
export const answerScript = `document.querySelector('form').submit();`;
