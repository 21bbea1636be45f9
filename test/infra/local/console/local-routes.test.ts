/** The routes below `/local`: outbox, clock, faults, and what they refuse. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../../../infra/local/aws/outbox.ts';
import { createClock } from '../../../../infra/local/clock/clock.ts';
import type { FaultOrder } from '../../../../infra/local/console/local-input.ts';
import { createLocalRoutes } from '../../../../infra/local/console/local-routes.ts';
import { type LocalServer, openServer } from '../../../../infra/local/gateway/server.ts';

const message = (to: string, body: string): OutboxEntry => ({
  channel: 'SMS',
  to,
  body,
  at: '2025-01-01T00:00:00Z',
});
const clock = createClock();
let entries: OutboxEntry[] = [];
let faults: FaultOrder[] = [];
let server: LocalServer;

beforeAll(async () => {
  server = await openServer(0);
  const routes = createLocalRoutes({
    clock,
    aws: {
      outbox: {
        sent: () => [],
        list: (to) => entries.filter((entry) => to === undefined || entry.to === to),
        clear: () => {
          entries = [];
        },
      },
      faults: {
        set: (service, fault, count, { verified } = {}) =>
          faults.push({ service, fault, count, ...(verified === undefined ? {} : { verified }) }),
        reject: () => {},
        clear: () => {},
      },
      requests: { count: () => 0, all: () => ({ dynamodb: { GetItem: 2 } }), reset: () => {} },
    },
    functions: { running: () => 0 },
    states: { history: (name) => (name === 'known' ? { name, status: 'RUNNING' } : undefined) },
  });
  server.serve([routes]);
});
beforeEach(() => {
  entries = [message('+12025550123', 'first'), message('+12025550124', '<b>second</b>')];
  faults = [];
});
afterAll(() => server.stop());

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(server.origin + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('the outbox', () => {
  it('lists what was sent, or only what one address got', async () => {
    expect(await (await send('GET', '/local/outbox')).json()).toEqual(entries);
    const one = await send('GET', `/local/outbox?to=${encodeURIComponent('+12025550124')}`);
    expect(await one.json()).toEqual([entries[1]]);
  });

  it('is a page for browsers, in which messages are text and never markup', async () => {
    const page = await send('GET', '/local/outbox', undefined, { accept: 'text/html,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('first');
    expect(text).not.toContain('<b>second');
  });

  it('is emptied by DELETE', async () => {
    expect((await send('DELETE', '/local/outbox')).status).toBe(204);
    expect(await (await send('GET', '/local/outbox')).json()).toEqual([]);
  });
});

describe('the clock', () => {
  it('moves forward and says where it stands', async () => {
    const before = clock.now();
    const answer = (await (await send('POST', '/local/clock', { advanceSeconds: 90 })).json()) as {
      now: string;
    };
    expect(Math.round((Date.parse(answer.now) - before) / 1000)).toBe(90);
    expect(await (await send('GET', '/local/clock')).json()).toMatchObject({ aheadSeconds: 90 });
  });

  it('is set back to real time', async () => {
    await send('POST', '/local/clock', { advanceSeconds: 90 });
    const answer = await send('POST', '/local/clock', { reset: true });
    expect(await answer.json()).toMatchObject({ aheadSeconds: 0 });
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  });

  it.each([
    {},
    { reset: false },
    { reset: 1 },
    { reset: true, advanceSeconds: 1 },
    { reset: true, x: 1 },
    { advanceSeconds: -1 },
    { advanceSeconds: 1.5 },
    { advanceSeconds: '5' },
    { advanceSeconds: 1, x: 1 },
    [],
  ])('refuses %j and stays where it is', async (body) => {
    const before = clock.now() - Date.now();
    const answer = await send('POST', '/local/clock', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid-request', errors: [expect.any(Object)] });
    expect(clock.now() - Date.now()).toBeCloseTo(before, -2);
  });
});

describe('faults', () => {
  it('are handed on to the AWS emulator', async () => {
    await send('POST', '/local/faults', { service: 'sns', fault: 'throttle', count: 2 });
    await send('POST', '/local/faults', { service: 'dynamodb', count: 0 });
    expect(faults).toEqual([
      { service: 'sns', fault: 'throttle', count: 2 },
      { service: 'dynamodb', fault: 'error', count: 0 },
    ]);
  });

  it('name each field that is wrong', async () => {
    const answer = await send('POST', '/local/faults', {
      service: 's3',
      fault: 'rain',
      count: -1,
      __proto: 1,
    });
    const { errors } = (await answer.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/__proto', '/service', '/fault', '/count']);
    expect(faults).toEqual([]);
  });
});

describe('faults by the state of the account', () => {
  it('are handed on with the addresses that they let pass', async () => {
    const fault = { service: 'ses', fault: 'sandbox', count: 9, verified: ['a@example.com'] };
    expect(await (await send('POST', '/local/faults', fault)).json()).toEqual(fault);
    expect(faults).toEqual([fault]);
  });

  it('are listed with their meaning to who names another', async () => {
    const fault = { service: 'kms', fault: 'sandbox', count: 1 };
    const { errors } = (await (await send('POST', '/local/faults', fault)).json()) as {
      errors: { pointer: string; detail: string }[];
    };
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/fault']);
    expect(errors[0]?.detail).toContain('for kms also key-disabled (somebody has disabled the key)');
  });

  it.each([
    ['a list that is no list of text', { fault: 'sandbox', verified: [1] }, '/verified'],
    ['a list with a fault that meets everybody', { fault: 'account-paused', verified: [] }, '/verified'],
    ['an operation with a fault by destination', { fault: 'sandbox', operation: 'SendEmail' }, '/operation'],
  ])('refuse %s', async (_, more, pointer) => {
    const answer = await send('POST', '/local/faults', { service: 'ses', count: 1, ...more });
    expect(await answer.json()).toMatchObject({ errors: [{ pointer }] });
    expect(faults).toEqual([]);
  });
});

describe('refusals', () => {
  it('name each field that is wrong', async () => {
    const answer = await send('POST', '/local/refusals', { service: 'sqs', to: 7, count: 1 });
    const { errors } = (await answer.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/count', '/service', '/to']);
  });
});

describe('the history of an execution', () => {
  it('is found by its name', async () => {
    const answer = await send('GET', '/local/executions/known');
    expect(await answer.json()).toEqual({ name: 'known', status: 'RUNNING' });
    expect((await send('GET', '/local/executions/unknown')).status).toBe(404);
    expect((await send('DELETE', '/local/executions/known')).status).toBe(405);
  });
});

describe('the rest', () => {
  it('is waited for', async () => {
    expect(await (await send('GET', '/local/rest')).json()).toEqual({ isAtRest: true });
  });
});

describe('the counts of requests', () => {
  it('are listed by service and operation', async () => {
    expect(await (await send('GET', '/local/requests')).json()).toEqual({ dynamodb: { GetItem: 2 } });
  });
});

describe('everything under /local', () => {
  const withHost = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(`${server.origin}/local/outbox`, { headers: { host } }, ({ statusCode }) =>
        resolve(statusCode),
      );
      outgoing.on('error', reject);
      outgoing.end();
    });

  it('is closed to other host names, which a web page could point at this machine', async () => {
    expect(await withHost('rebound.example.com')).toBe(403);
    expect(await withHost('localhost:3000')).toBe(200);
  });

  it('is closed to requests that another web site makes', async () => {
    const headers = { origin: 'https://attacker.example.com' };
    expect((await send('POST', '/local/clock', { advanceSeconds: 1 }, headers)).status).toBe(403);
  });

  it.each(['/local/outbox', '/local/clock', '/local/requests', '/local/executions/known'])(
    'answers HEAD %s as it would GET, without the body',
    async (path) => {
      const head = await send('HEAD', path);
      const get = await send('GET', path);
      expect(head.status).toBe(200);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(await head.text()).toBe('');
    },
  );

  it('says which methods a route answers', async () => {
    const answer = await send('PUT', '/local/faults', {});
    expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'POST, DELETE',
    });
    expect((await send('PUT', '/local/outbox')).headers.get('allow')).toBe('GET, HEAD, DELETE');
  });
});
