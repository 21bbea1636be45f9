/** A landline: codes are spoken to it, and no message is ever written to it. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { noticeAddress } from '../../shared/domain/contact/contact.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import type { Method } from '../../shared/domain/policy/policy.ts';
import { type Backend, backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';
const phone = { number: '+493012345678', country: 'DE', landline: true };

let backend: Backend;
let names = 0;
beforeEach(() => {
  backend = backendOn(table);
});

async function enrolled(more: object = {}): Promise<string> {
  names += 1;
  const userId = `at-home-${names}`;
  await enrolUser({ userId, phone, ...more }, true, backend);
  return userId;
}

async function start(userId: string, method?: Method) {
  const started = await startChallenge(
    { person: await backend.person(userId), client, purpose: 'sign-in', method },
    backend,
  );
  if (started.kind !== 'challenge') throw new Error(started.kind);
  return started.view;
}

test('is offered calls alone', async () => {
  const { method, methods, destination } = await start(await enrolled());
  expect({ method, methods, destination }).toEqual({
    method: 'Call',
    methods: ['Call'],
    destination: '•••• ••78',
  });
});

test('beside an email is offered both, the email first', async () => {
  const userId = await enrolled({ email: 'home@example.com' });
  expect(await start(userId)).toMatchObject({ method: 'Email', methods: ['Email', 'Call'] });
});

test('SMS to a landline: shows one mask by either method, and gets no SMS that is asked for', async () => {
  const userId = await enrolled();
  const { challengeId, destination } = await start(userId, 'SMS');
  expect(destination).toBe('•••• ••78');
  backend.advance(30);
  const resent = await resendCode({ challengeId, client, method: 'Call' }, backend);
  expect(resent).toMatchObject({ kind: 'challenge', view: { method: 'Call', destination: '•••• ••78' } });
});

test('landline oracle: where the stage says that some have one, some names of nobody look alike', async () => {
  const sets = [
    { methods: ['SMS', 'Email', 'Call'], weight: 1 },
    { methods: ['Call'], weight: 1 },
  ] as const;
  backend = { ...backend, decoys: sets };
  const look = ({ method, methods, destination }: Awaited<ReturnType<typeof start>>) =>
    JSON.stringify([method, methods, destination.replace(/\d/g, '·')]);
  const person = look(await start(await enrolled()));
  const looks: string[] = [];
  for (let place = 0; place < 12; place += 1) looks.push(look(await start(`invented-${place}`)));
  expect(looks).toContain(person);
  expect(new Set(looks).size).toBe(2);
});

describe('a notice', () => {
  test('is not written to it', async () => {
    const userId = await enrolled({ email: 'before@example.com' });
    await enrolUser({ userId, phone, email: 'after@example.com' }, true, backend);
    expect(backend.told.map(({ address }) => address)).toEqual(['email', 'email']);
    expect(noticeAddress({ userId, phone }, 'phone')).toBeUndefined();
  });

  test('is written to a mobile number', () => {
    const mobile = { number: '+4915112345601', country: 'DE' };
    expect(noticeAddress({ userId: 'a', phone: mobile }, 'phone')).toBe(mobile.number);
  });
});
