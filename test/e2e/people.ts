/** People and what they do over HTTP, for tests against a started stack: enrol, ask for a code, read it, type it. */
import { type DevelopmentClient, developmentSecret } from '../../infra/local/token-issuer/issuer.ts';
import { type Client, createClient } from '../../shared/client/index.ts';
import type { Json, RequestOptions, Stack, StackAnswer } from '../stack.ts';
import { ownName } from '../support/own-name.ts';

export interface Person {
  readonly userId: string;
  readonly phone: string;
  readonly email: string;
}

export interface CallOptions {
  readonly client?: DevelopmentClient;
  readonly key?: string;
}

/** The client library as one of the development clients. */
export const clientOf = (
  { origin }: Pick<Stack, 'origin'>,
  clientId: DevelopmentClient,
  more: { readonly fetch?: typeof fetch } = {},
): Client => {
  const tokenUrl = `${origin}/oauth2/token`;
  return createClient({ api: origin, tokenUrl, clientId, clientSecret: developmentSecret, ...more });
};

let people = 0;

/** Somebody new, with a number and an address of their own; every one of them fictitious. */
export async function enrol(stack: Stack, contact: object = {}): Promise<Person> {
  people += 1;
  const userId = ownName('person');
  const person = {
    userId,
    // In ten blocks of a thousand numbers, each of which gets so many messages an hour.
    phone: `+120255${people % 10}${String(Math.floor(people / 10)).padStart(4, '0')}`,
    email: `${userId}@example.com`,
  };
  const { phone, email } = person;
  const answer = await put(stack, userId, { phone, email, ...contact });
  if (answer.status !== 201) throw new Error(`enrolment answered ${answer.status}`);
  return person;
}

export async function put(stack: Stack, userId: string, contact: object): Promise<StackAnswer> {
  const token = await stack.token('admin');
  return stack.request('PUT', userPath(userId), { token, body: contact });
}

export const userPath = (userId: string): string => `/v1/users/${encodeURIComponent(userId)}`;

/** Calls as the client that signs people in, unless another is named. */
export function caller(stack: Stack) {
  const call = async (method: string, path: string, body: unknown, { client, key }: CallOptions = {}) => {
    const options: RequestOptions = { token: await stack.token(client ?? 'credential-provider') };
    return stack.request(method, path, {
      ...options,
      ...(body === undefined ? {} : { body }),
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    });
  };
  const challenge = (id: string) => `/v1/otp-challenges/${id}`;
  return {
    call,
    start: (userId: string, more: object = {}, options?: CallOptions) =>
      call('POST', '/v1/otp-challenges', { userId, ...more }, options),
    resend: (id: string, body: object = {}, options?: CallOptions) =>
      call('POST', `${challenge(id)}/resend`, body, options),
    status: (id: string, options?: CallOptions) => call('GET', challenge(id), undefined, options),
    verify: (id: string, code: unknown, options?: CallOptions) =>
      call('POST', `${challenge(id)}/verify`, { code }, options),
  };
}

/** The code in the newest of `count` messages to an address. */
export async function codeSentTo(stack: Stack, to: string, count = 1): Promise<string> {
  return codeIn((await stack.received(to, count)).body);
}

/** How many messages went to an address; the number alone, so that a failing test prints no message. */
export async function messagesTo(stack: Stack, to: string): Promise<number> {
  return (await stack.outbox(to)).length;
}

/** The digits of a text or of what a call said. @throws without printing the text, which may hold a code */
export function codeIn(text: string): string {
  const found = /(?<!\d)\d(?: ?\d){5,9}(?!\d)/.exec(text)?.[0].replaceAll(' ', '');
  if (found === undefined) throw new Error('the message holds no code');
  return found;
}

/** A code of the same length that is not the right one. */
export function wrong(code: string, by = 1): string {
  return String((Number(code) + by) % 10 ** code.length).padStart(code.length, '0');
}

/** What a problem document says, without its texts. */
export function problemOf({ status, body, headers }: StackAnswer): Json {
  return {
    status,
    type: headers.get('content-type'),
    code: body?.code,
    pointers: body?.errors?.map(({ pointer }: { pointer: string }) => pointer),
  };
}

/**
 * Waits until what is read satisfies; the clock stands still meanwhile. Looks less and less often: each look may cost a
 * function's call, which slows what is waited for.
 *
 * @throws after half a minute
 */
export async function until<T>(read: () => Promise<T>, satisfied: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (let wait = 25; ; wait = Math.min(wait * 1.5, 200)) {
    const value = await read();
    if (satisfied(value)) return value;
    if (Date.now() > deadline) throw new Error('it did not come about in half a minute');
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** As a client repeats itself that is told to come back: a machine that is busy may be slow once more. */
export async function honestly(send: () => Promise<StackAnswer>): Promise<StackAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send();
    if (answer.status !== 503 || tries === 3) return answer;
  }
}
