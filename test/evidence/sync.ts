/** First sync: a directory sends everybody by SCIM for the first time, and what it changes for those who were there. */
import { caller, put, userPath } from '../e2e/people.ts';
import type { Json, Stack } from '../stack.ts';
import { stackOf } from './inside/stack.ts';
import { grouped, type Measurement } from './measurement.ts';
import { earlyStop } from './policies.ts';

const callers = 8;
const mostTries = 10;
/** One person in so many was enrolled before, every other one of them protected. */
const knownEach = 20;
/** Of those who were there, so many have used up their attempts. */
const locked = 3;
const schema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const nameOf = (place: number) => `sync-${place}@corp.example`;
const emailOf = (place: number) => `sync-${place}@example.com`;
const phoneOf = (place: number) => `+1202555${String(place % 10_000).padStart(4, '0')}`;
const isProtected = (place: number) => place % (2 * knownEach) === 0;

/** Those who were there: protected people, and people who guessed until they were stopped. */
async function enrolKnown(stack: Stack, people: number): Promise<void> {
  for (let place = 0; place < people; place += knownEach) {
    const contact = { email: emailOf(place), phone: phoneOf(place), protected: isProtected(place) };
    await put(stack, nameOf(place), contact);
  }
  const api = caller(stack);
  for (let place = 0; place < locked * knownEach && place < people; place += knownEach) {
    const { body } = await api.start(nameOf(place), { method: 'Email' });
    for (let guess = 0; guess < 10; guess += 1) await api.verify(body.challengeId, '000000');
  }
}

interface Tally {
  created: number;
  joined: number;
  refused: number;
  /** Requests that were answered 503, and sent again. */
  repeated: number;
}

/** As Entra ID does it: looks for each userName, then creates the person, or says what the directory knows of them. */
async function syncOne(stack: Stack, place: number, tally: Tally): Promise<void> {
  const send = (method: string, path: string, body?: object) => patiently(stack, tally, method, path, body);
  const found = await send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${nameOf(place)}"`)}`);
  const id = found.body?.Resources?.[0]?.id;
  const externalId = `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
  const phoneNumbers = [{ type: 'mobile', value: phoneOf(place) }];
  if (id === undefined) {
    const emails = [{ type: 'work', primary: true, value: emailOf(place) }];
    const user = {
      schemas: [schema],
      externalId,
      userName: nameOf(place),
      active: 'True',
      emails,
      phoneNumbers,
    };
    const { status } = await send('POST', '/Users', user);
    if (status === 201) tally.created += 1;
    else tally.refused += 1;
    return;
  }
  const Operations = [
    { op: 'Add', path: 'externalId', value: externalId },
    { op: 'Replace', path: 'displayName', value: `Person ${place}` },
    { op: 'Replace', path: 'active', value: 'True' },
  ];
  const { status } = await send('PATCH', `/Users/${id}`, { schemas: [patchSchema], Operations });
  if (status === 200) tally.joined += 1;
  else tally.refused += 1;
}

/** What a busy machine answered 503 is sent again, as directories do in their next cycle. */
async function patiently(stack: Stack, tally: Tally, method: string, path: string, body?: object) {
  for (let tries = 1; ; tries += 1) {
    const answer = await scim(stack, method, path, body);
    if (answer.status !== 503 || tries === mostTries) return answer;
    tally.repeated += 1;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function scim(
  stack: Stack,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Json }> {
  const headers = { authorization: 'Bearer local', 'content-type': 'application/scim+json' };
  const answer = await stack.request(
    method,
    `/scim/v2${path}`,
    body === undefined ? { headers } : { headers, body },
  );
  return { status: answer.status, body: answer.body };
}

/** Of those who were there: each that is protected or stopped, as an administrator reads it. */
async function protections(stack: Stack, people: number): Promise<readonly string[]> {
  const token = await stack.token('admin');
  const found: string[] = [];
  for (let place = 0; place < people; place += knownEach) {
    const { body } = await stack.request('GET', userPath(nameOf(place)), { token });
    if (body.protected === true) found.push(`${place} protected`);
    if (body.lock.kind !== 'none') found.push(`${place} ${JSON.stringify(body.lock)}`);
  }
  return found;
}

export const firstSync: Measurement = {
  name: 'sync',
  rows: [
    {
      id: 'sync.messages',
      promise: 'A first sync by SCIM enrols everybody and sends no message',
      how: 'each person looked up by userName, then created, or changed where they were there, by eight callers, as Entra ID does; one in twenty was enrolled before; a 503 is sent again',
    },
    {
      id: 'sync.protection',
      promise: 'It ends no protection and no stop after wrong attempts',
      how: 'people who were enrolled before, protected or stopped after ten wrong codes, looked at afterwards by an administrator',
    },
  ],

  async measure({ quick, importRows }, progress) {
    const people = Math.ceil(importRows / 10);
    const stack = await stackOf(earlyStop, quick);
    try {
      await enrolKnown(stack, people);
      await stack.quiet();
      await stack.clearOutbox();
      const before = await protections(stack, people);
      const tally = { created: 0, joined: 0, refused: 0, repeated: 0 };
      const began = performance.now();
      let next = 0;
      await Promise.all(
        Array.from({ length: callers }, async () => {
          for (let place = next++; place < people; place = next++) {
            await syncOne(stack, place, tally);
            if ((place + 1) % 1_000 === 0) progress(`${grouped(place + 1)} of ${grouped(people)}`);
          }
        }),
      );
      const seconds = (performance.now() - began) / 1000;
      await stack.quiet();
      const messages = (await stack.outbox()).length;
      const after = await protections(stack, people);
      const ended = before.filter((one) => !after.includes(one)).length;
      const known = Math.ceil(people / knownEach);
      return {
        'sync.messages': {
          figure: `${grouped(people)} people: ${grouped(tally.created)} created, ${grouped(tally.joined)} found, ${tally.refused} refused; ${messages} messages; ${tally.repeated} requests repeated after 503; ${(people / seconds).toFixed(0)} people a second`,
          holds: messages === 0 && tally.joined === known && tally.created === people - known,
        },
        'sync.protection': {
          figure: `${ended} of ${grouped(before.length)} ended`,
          holds: ended === 0 && before.length > 1,
        },
      };
    } finally {
      await stack.stop();
    }
  },
};
