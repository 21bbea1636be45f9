/** What the sign-in page weighs, and what each of its steps asks of DynamoDB, in a walk through a local stack. */
import { languages } from '../../shared/domain/text/language.ts';
import { codeSentTo, enrol, wrong } from '../e2e/people.ts';
import { frame, renderState, stateNames } from '../pages/states.ts';
import { linkOf, newBrowser, type Page } from '../sign-in/browser.ts';
import { beginLogin, submit } from '../sign-in/relying-party.ts';
import { type Stack, startStack } from '../stack.ts';

export interface PageRow {
  readonly step: string;
  /** Of the page that the step ends on, everything included; absent where a program asks. */
  readonly bytes?: number;
  /** To DynamoDB, from the first request of the step to the last. */
  readonly requests: number;
}

export interface Heaviest {
  readonly state: string;
  readonly language: string;
  readonly bytes: number;
}

/** Of every state in every language. */
export function heaviestPage(): Heaviest {
  const all = stateNames.flatMap((state) =>
    languages.map((language) => {
      const bytes = Buffer.byteLength(renderState(state, { ...frame, language }).body);
      return { state, language, bytes };
    }),
  );
  return all.reduce((heaviest, page) => (page.bytes > heaviest.bytes ? page : heaviest));
}

export async function walkPages(): Promise<readonly PageRow[]> {
  const stack = await startStack();
  try {
    return await walk(stack);
  } finally {
    await stack.stop();
  }
}

async function walk(stack: Stack): Promise<PageRow[]> {
  const rows: PageRow[] = [];
  const step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    await stack.quiet();
    await stack.forgetRequests();
    const result = await act();
    await stack.quiet();
    const { dynamodb = {} } = await stack.requests();
    const requests = Object.values(dynamodb).reduce((sum, count) => sum + count, 0);
    const { html } = result as Partial<Page>;
    rows.push({ step: name, requests, ...(html !== undefined && { bytes: Buffer.byteLength(html) }) });
    return result;
  };
  const person = await enrol(stack);
  const browser = newBrowser();
  const login = await step('the client pushes its request', () =>
    beginLogin(stack, { person: person.userId }),
  );
  const choice = await step('the choice of a way opens', () => browser.open(login.authorizationUrl));
  const asked = await step('email is chosen, the code is delivered, its page opens', () =>
    submit(browser, choice, 'method', { method: 'Email' }),
  );
  const code = await codeSentTo(stack, person.email);
  const again = await step('a wrong code', () => submit(browser, asked, 'code', { code: wrong(code) }));
  await step('the page of the code, once more', () => browser.open(again.url));
  const end = await step('the right code, and the way back', () => submit(browser, again, 'code', { code }));
  await step('the client exchanges the answer', () => login.finish(linkOf(end)));
  return rows;
}
