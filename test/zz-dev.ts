import { connect } from './stack.ts';
import { codeSentTo, enrol } from './e2e/people.ts';
import { enrolRecovering, rightAnswers } from './e2e/recovering.ts';
import { beginLogin, signIn, askForCode, submit } from './sign-in/relying-party.ts';
import { headingOf, linkOf, newBrowser, formOf } from './sign-in/browser.ts';
const stack = connect('http://127.0.0.1:3415') as any;
for (const client of ['web-login', 'web-login-jwt'] as const) {
  const person = await enrol(stack);
  const login = await beginLogin(stack, { person: person.userId, client });
  const { answerUrl, browser } = await signIn(stack, login, 'Email', () => codeSentTo(stack, person.email));
  console.log(client, await login.finish(answerUrl));
}
{ // recovery by questions
  const person = await enrolRecovering(stack);
  const login = await beginLogin(stack, { person: person.userId });
  const browser = newBrowser();
  const choice = await browser.open(login.authorizationUrl);
  const ways = await browser.open(choice.url + '/recoveries');
  console.log(headingOf(ways));
  let page = await submit(browser, ways, 'recovery', { path: 'kba+otp-alternate-email' });
  console.log(headingOf(page));
  const labels = [...page.html.matchAll(/<label[^>]*for="answer-(\d)"[^>]*>([\s\S]*?)<\/label>/g)];
  console.log(labels.map((l) => l[2]));
  const texts: Record<string, string> = { teacher: 'first-teacher', street: 'childhood-street', film: 'first-film' };
  const answers = Object.fromEntries(labels.map((l) => ['answer-' + l[1], rightAnswers[texts[Object.keys(texts).find((k) => l[2]!.includes(k))!]!]!]));
  page = await submit(browser, page, 'answers', answers);
  console.log(headingOf(page));
  for (let i = 0; i < 20 && !page.html.includes('value="code"'); i++) { await new Promise((r) => setTimeout(r, 300)); page = await browser.open(page.url); }
  console.log(headingOf(page));
  page = await submit(browser, page, 'code', { code: await codeSentTo(stack, person.alternateEmail) });
  for (let i = 0; i < 20 && !/done|class="sign good"/.test(page.html) && !page.html.includes('callback?'); i++) { await new Promise((r) => setTimeout(r, 300)); page = await browser.open(page.url); }
  console.log(headingOf(page));
  console.log(await login.finish(linkOf(page)));
}
