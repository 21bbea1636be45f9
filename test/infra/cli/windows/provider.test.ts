/** The credential provider that tests and the terminal play: as strict as the real one, and as wrong. */
import { describe, expect, test } from 'vitest';
import { escapeValue, formOf } from '../../../../infra/cli/windows/provider/escape.ts';
import { createProvider } from '../../../../infra/cli/windows/provider/provider.ts';
import { LogonCrash, readResponse } from '../../../../infra/cli/windows/provider/response.ts';

const rules = { plus: 'escaped' } as const;

describe('its form', () => {
  test('has the fields in the order of their names, each byte that is unsafe escaped', () => {
    expect(formOf({ user: 'a b+ü😀', pass: '1 & 2' }, rules)).toBe(
      'pass=1%20%26%202&user=a%20b%2b%c3%bc%f0%9f%98%80',
    );
    expect(escapeValue('a+b', { plus: 'itself' })).toBe('a+b');
  });

  test('loses a value whose every byte is escaped', () => {
    expect(escapeValue('١٢٣٤٥٦', rules)).toBe('');
    expect(escapeValue('١٢٣٤٥٦.', rules)).not.toBe('');
  });
});

const result = { status: true, value: false, authentication: 'CHALLENGE' };
const one = { transaction_id: 't', type: 'sms', message: 'Type it', image: '' };

describe('its parser', () => {
  test.each([
    ['a list as the result', { result: [] }],
    ['a text as the result', { result: 'ok' }],
    ['an error without a code', { result: { error: {} } }],
    ['an error whose code is a text', { result: { error: { code: '904' } } }],
    ['an error that is a text', { result: { error: 'no' } }],
    ['a text as the detail', { result, detail: 'no' }],
    ['a list as the detail', { result, detail: [] }],
    ['a challenge that is a text', { result, detail: { multi_challenge: ['sms'] } }],
    ['an image that is too short', { result, detail: { multi_challenge: [{ ...one, image: 'data:' }] } }],
  ])('ends the logon process at %s', (_, body) => {
    expect(() => readResponse(JSON.stringify(body))).toThrow(LogonCrash);
  });

  test.each(['', 'no', '[]', '1', 'null', '{}', '{"detail":{}}', '<html>'])('cannot read %j', (body) => {
    expect(readResponse(body)).toBe('unreadable');
  });

  test('reads a field of another type as nothing', () => {
    const body = { result: { ...result, value: 'true' }, detail: { message: 7, multi_challenge: [one] } };
    expect(readResponse(JSON.stringify(body))).toMatchObject({
      value: false,
      message: '',
      challenges: [{ type: 'sms' }],
    });
  });
});

/** Answers with these bodies, one after the other, and notes what was asked. */
function answering(...bodies: readonly (string | object)[]) {
  const asked: string[] = [];
  const left = [...bodies];
  const send = (async (url: string | URL | Request, { body = '' }: RequestInit = {}) => {
    asked.push(`${String(url)} ${String(body)}`);
    const next = left.shift() ?? '';
    return new Response(typeof next === 'string' ? next : JSON.stringify(next), { status: 500 });
  }) as typeof fetch;
  return { asked, send };
}

describe('its steps', () => {
  const challenge = { result, detail: { transaction_id: 't', multi_challenge: [one, one] } };
  const refusal = {
    result: { status: true, value: false, authentication: 'REJECT' },
    detail: { message: 'Wrong' },
  };

  test('show prompts once each, keep the transaction over a refusal, and read no status', async () => {
    const { asked, send } = answering(challenge, refusal, {
      result: { ...result, authentication: 'ACCEPT' },
    });
    const provider = createProvider({ url: 'https://h/p' }, send);
    expect(await provider.begin('a')).toEqual({ step: 'code', prompt: 'Type it' });
    expect(await provider.type('1')).toEqual({ step: 'code', prompt: 'Type it', error: 'Wrong' });
    expect(await provider.type('2')).toEqual({ step: 'password' });
    expect(asked).toEqual([
      'https://h/p/validate/check pass=&user=a',
      'https://h/p/validate/check pass=1&transaction_id=t&user=a',
      'https://h/p/validate/check pass=2&transaction_id=t&user=a',
    ]);
  });

  test('take an acceptance with challenges for a challenge', async () => {
    const { send } = answering('', { ...challenge, result: { ...result, authentication: 'ACCEPT' } });
    const provider = createProvider({ url: 'https://h/p' }, send);
    await provider.begin('a');
    expect(await provider.type('1')).toMatchObject({ step: 'code' });
  });

  test('pass over every failure of the first step, and go back to the name at 904', async () => {
    const error = { result: { status: false, error: { code: 904, message: 'Unknown' } }, detail: null };
    const { send } = answering(error, error, 'no');
    const provider = createProvider({ url: 'https://h/p' }, send);
    expect(await provider.begin('a')).toEqual({ step: 'code', prompt: 'Please enter your second factor!' });
    expect(await provider.type('1')).toEqual({ step: 'name', error: 'Unknown (904)' });
    expect(await provider.type('1')).toMatchObject({ error: 'Connection or configuration error!' });
  });

  test('go to the other host after an answer without a body, and stay there', async () => {
    const { asked, send } = answering('', challenge, refusal);
    const provider = createProvider({ url: 'https://h/p', fallbackUrl: 'https://other/q' }, send);
    await provider.begin('a');
    await provider.type('1');
    expect(asked.map((line) => new URL(line.split(' ')[0] ?? '').host)).toEqual(['h', 'other', 'other']);
  });

  test('poll for a type that polls, from 300 ms on, and finish with an empty text', async () => {
    const push = { result, detail: { transaction_id: 't', multi_challenge: [{ ...one, type: 'push' }] } };
    const done = { result: { status: true, value: true } };
    const { asked, send } = answering(push, done, { result: { ...result, authentication: 'ACCEPT' } });
    const before = performance.now();
    const provider = createProvider({ url: 'https://h/p' }, send);
    expect(await provider.begin('a')).toEqual({ step: 'password' });
    expect(performance.now() - before).toBeGreaterThan(290);
    expect(asked[1]).toContain('/validate/polltransaction?transaction_id=t');
  });
});
