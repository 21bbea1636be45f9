/** People at the logon screens of PCs: the credential provider against a started stack, and what it got to see. */
import {
  createProvider,
  type Provider,
  type ProviderSettings,
  type Screen,
} from '../../infra/cli/windows/provider/provider.ts';
import { readResponse } from '../../infra/cli/windows/provider/response.ts';
import type { Stack } from '../stack.ts';
import { plant } from '../support/planted.ts';

/** Words that a menu offers: they are no secrets, and stand in other texts too. */
const menuWords: readonly string[] = ['sms', 'email', 'call', 'backup', 'questions'];

export const windowsUrl = ({ origin }: Pick<Stack, 'origin'>, key = 'local') => `${origin}/windows/${key}`;

export function logonScreen(
  stack: Pick<Stack, 'origin'>,
  settings: Partial<ProviderSettings> & { readonly key?: string } = {},
): Provider {
  const { key, ...more } = settings;
  const provider = createProvider({ url: windowsUrl(stack, key), ...more });
  const { type } = provider;
  return Object.assign(provider, {
    type: (text: string) => {
      if (!menuWords.includes(text)) plant([text]);
      return type(text);
    },
  });
}

/** What a screen says, in one line. */
export function lineOf(screen: Screen): string {
  if (screen.step === 'password') return 'password';
  return 'error' in screen && screen.error !== undefined
    ? `! ${screen.error}`
    : `> ${(screen as { prompt: string }).prompt}`;
}

/** What was typed, and what the screen said to it. */
export async function transcript(provider: Provider, user: string, ...texts: readonly string[]) {
  const lines = [lineOf(await provider.begin(user))];
  for (const text of texts) lines.push(lineOf(await provider.type(text)));
  return lines;
}

export interface Posted {
  readonly status: number;
  readonly text: string;
  readonly response: Exclude<ReturnType<typeof readResponse>, 'unreadable'>;
}

/** A request with exactly these bytes. @throws what would crash the logon process, or what it could not read */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Posted> {
  const answer = await fetch(`${url}/validate/check`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'privacyidea-cp/3.8.0.0 Windows/PC-17',
      'accept-language': 'en-us',
      ...headers,
    },
  });
  const text = await answer.text();
  const response = readResponse(text);
  if (response === 'unreadable') throw new Error(`no credential provider can read ${answer.status} ${text}`);
  return { status: answer.status, text, response };
}
