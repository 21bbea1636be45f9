/** The credential provider of privacyIDEA, as far as a server sees it: its requests, its steps and its polling. */
import { type EscapeRules, formOf } from './escape.ts';
import { type ProviderResponse, readResponse } from './response.ts';

/** Its entries in the registry, by their names there. */
export interface ProviderSettings {
  /** `https://` + hostname + path, without a slash at the end. */
  readonly url: string;
  readonly fallbackUrl?: string | undefined;
  readonly realm?: string | undefined;
  readonly headerAcceptLanguage?: string | undefined;
  readonly computer?: string | undefined;
  /** `two_step_send_empty_password`: asks for the first prompt before anything is typed. */
  readonly sendEmptyPassword?: boolean | undefined;
  readonly escape?: EscapeRules | undefined;
}

/** What the logon screen shows next. */
export type Screen =
  /** The field for a code, with the prompt above it, or the client's own words. */
  | { readonly step: 'code'; readonly prompt: string; readonly error?: string | undefined }
  /** Back at the name. */
  | { readonly step: 'name'; readonly error: string }
  /** The second factor is done: Windows asks for the password, or takes the one that was typed. */
  | { readonly step: 'password' };

export interface Exchange {
  readonly form: string;
  readonly body: string;
}

export interface Provider {
  /** The name was typed and sent off. */
  begin(user: string): Promise<Screen>;
  /** A text was typed into the field for the code. */
  type(text: string): Promise<Screen>;
  /** The link at the bottom. */
  reset(): void;
  readonly transactionId: string;
  /** Of this logon, oldest first. */
  readonly exchanges: readonly Exchange[];
}

const ownPrompt = 'Please enter your second factor!';
const ownFailure = 'Wrong One-Time Password!';
const ownFault = 'Connection or configuration error!';
const backToName = 904;
const poll = { firstMilliseconds: 300, everyMilliseconds: 500, most: 600 } as const;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one logon: short steps that share what was typed and answered
export function createProvider(settings: ProviderSettings, send: typeof fetch = fetch): Provider {
  const { escape: rules = { plus: 'escaped' }, computer = 'PC-17' } = settings;
  let url = settings.url;
  let user = '';
  let transactionId = '';
  let prompt = ownPrompt;
  const exchanges: Exchange[] = [];

  const headers = {
    'user-agent': `privacyidea-cp/3.8.0.0 Windows/${computer}`,
    'accept-language': settings.headerAcceptLanguage ?? 'en-us',
  };
  const bodyOf = async (endpoint: string, form: string, method: 'GET' | 'POST'): Promise<string> => {
    const [query, body] = method === 'GET' ? [`?${form}`, {}] : ['', { body: form }];
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await send(`${url}${endpoint}${query}`, {
      method,
      headers: { ...headers, ...(method === 'POST' ? type : {}) },
      ...body,
    }).catch(() => undefined);
    return answer === undefined ? '' : answer.text(); // whatever its status
  };
  /** An answer without a body sends it to the other host, where it stays. */
  const exchange = async (endpoint: string, form: string, method: 'GET' | 'POST'): Promise<string> => {
    let body = await bodyOf(endpoint, form, method);
    if (body === '' && settings.fallbackUrl !== undefined && url !== settings.fallbackUrl) {
      url = settings.fallbackUrl;
      body = await bodyOf(endpoint, form, method);
    }
    exchanges.push({ form, body });
    return body;
  };
  const check = async (pass: string) => {
    const fields = {
      pass,
      user,
      ...(settings.realm === undefined ? {} : { realm: settings.realm }),
      ...(transactionId === '' ? {} : { transaction_id: transactionId }),
    };
    return readResponse(await exchange('/validate/check', formOf(fields, rules), 'POST'));
  };
  const evaluate = async (response: ProviderResponse): Promise<Screen> => {
    if (response.transactionId !== '') transactionId = response.transactionId;
    if (response.challenges.length > 0) {
      prompt = [...new Set(response.challenges.map(({ message }) => message))].join(', ');
      if (response.challenges.some(({ type }) => type === 'push' || type === 'smartphone')) return polled();
      return { step: 'code', prompt };
    }
    const { authentication, value, error, message } = response;
    if (authentication === 'ACCEPT' || (authentication === undefined && value)) return { step: 'password' };
    if (error?.code === backToName) return { step: 'name', error: `${error.message} (${error.code})` };
    const shown = error === undefined ? message : `${error.message} (${error.code})`;
    return { step: 'code', prompt, error: shown || ownFailure };
  };
  const polled = async (): Promise<Screen> => {
    await new Promise((resolve) => setTimeout(resolve, poll.firstMilliseconds));
    for (let times = 0; times < poll.most; times += 1) {
      const form = formOf({ transaction_id: transactionId }, rules);
      const response = readResponse(await exchange('/validate/polltransaction', form, 'GET'));
      if (response !== 'unreadable' && response.value) return provider.type('');
      await new Promise((resolve) => setTimeout(resolve, poll.everyMilliseconds));
    }
    return { step: 'code', prompt };
  };
  const provider: Provider = {
    async begin(typed) {
      user = typed;
      prompt = ownPrompt;
      if (settings.sendEmptyPassword === false) return { step: 'code', prompt };
      const response = await check('');
      // Of the first step every failure is passed over: codes for offline use stay possible.
      if (response === 'unreadable') return { step: 'code', prompt };
      const screen = await evaluate(response);
      return screen.step === 'password' ? screen : { step: 'code', prompt };
    },
    async type(text) {
      const response = await check(text);
      return response === 'unreadable' ? { step: 'code', prompt, error: ownFault } : evaluate(response);
    },
    reset() {
      transactionId = '';
      user = '';
      prompt = ownPrompt;
    },
    get transactionId() {
      return transactionId;
    },
    exchanges,
  };
  return provider;
}
