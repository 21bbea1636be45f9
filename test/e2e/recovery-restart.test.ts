/** A recovery outlives the process, however that ends: it can still be finished, or its time has run out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orThrow, type Recovery } from '../../shared/client/index.ts';
import { type Json, type Stack, type StackAnswer, startLoneStack, startStack } from '../stack.ts';
import { isWhole } from '../support/size.ts';
import { clientOf, codeIn, until } from './people.ts';
import { answersTo, enrolRecovering, type Recovering, recoverer } from './recovering.ts';

const both = 'kba+otp-alternate-email';

/** Where recoveries are when the process ends: `choose` is the path that is chosen there. */
const everyPlace = [
  { step: 'choose', choose: both },
  { step: 'choose', choose: 'backup-code' },
  { step: 'kba', path: 'kba' },
  { step: 'kba', path: both },
  { step: 'otp', path: 'otp-alternate-email' },
  { step: 'otp', path: both },
  { step: 'backup-code', path: 'backup-code' },
] as const;
/** The small size has each step once, the last time that it is named. */
const places = everyPlace.filter(
  ({ step }, at) => isWhole || everyPlace.findLastIndex((other) => other.step === step) === at,
);
type Place = (typeof everyPlace)[number] & { readonly choose?: string; readonly path?: string };

/** A person's recovery, and what it takes to answer its step. */
interface Underway {
  readonly person: Recovering;
  readonly place: Place;
  readonly recovery: Json;
  readonly backupCode: string | undefined;
  readonly code: string | undefined;
}

const methodOf = ({ choose, path }: Place) => path ?? choose;

const dataDir = mkdtempSync(join(tmpdir(), 'recovery-'));
let stack: Stack;
let api: ReturnType<typeof recoverer>;
const goOnWith = <Started extends Stack>(started: Started): Started => {
  stack = started;
  api = recoverer(stack);
  return started;
};
afterAll(async () => {
  await stack?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A recovery of somebody new that waits at the place. */
async function bringTo(place: Place): Promise<Underway> {
  const person = await enrolRecovering(stack);
  // Only where it is used: its notice goes to the address that codes go to.
  const needsOne = methodOf(place) === 'backup-code';
  const generated = needsOne ? await api.generate(person.userId, { kind: 'one-time' }) : undefined;
  const backupCode: string | undefined = generated?.body.codes[0];
  let recovery = await api.begin(person.userId, place.path === undefined ? {} : { path: place.path });
  if (place.step === 'otp' && recovery.step.type === 'kba') {
    await api.check(recovery.step.challenge);
    recovery = await api.past(recovery.recoveryId, 'kba');
  }
  expect(recovery.step.type).toBe(place.step);
  const code = place.step === 'otp' ? await api.alternateCode(person) : undefined;
  return { person, place, recovery, backupCode, code };
}

/** As a client does that is told to come again: a table or a workflow is slow on a busy machine. */
const served = (ask: () => Promise<StackAnswer>) => until(ask, ({ status }) => status !== 503);

const answer = (underway: Underway): Promise<StackAnswer> => served(() => answerOnce(underway));

/** Answers the step, always under the same key. */
function answerOnce({ place, recovery, backupCode, code }: Underway): Promise<StackAnswer> {
  const { recoveryId, step } = recovery;
  const options = { key: `answer-to-${place.step}` };
  switch (place.step) {
    case 'choose':
      return api.choose(recoveryId, place.choose, options);
    case 'kba':
      return api.check(step.challenge, undefined, options);
    case 'otp':
      return api.verify(step.challenge.challengeId, code, options);
    case 'backup-code':
      return api.useBackupCode({ recoveryId, code: backupCode }, options);
  }
}

/** The newest code, or the one of a resend where the message went down with the process. */
async function codeFor(person: Recovering, challengeId: string): Promise<string> {
  const newest = async () =>
    (await stack.outbox(person.alternateEmail)).find(({ body }) => /\d{6}/.test(body));
  for (let tries = 0; tries < 40; tries += 1) {
    const found = await newest();
    if (found !== undefined) return codeIn(found.body);
    await delay(50);
  }
  await stack.advance(31);
  expect((await api.resend(challengeId)).status).toBe(200);
  await stack.advance(4); // after which it is told whether a message has left
  await until(
    async () => (await api.status(challengeId)).body.delivery,
    (delivery) => delivery === 'sent',
  );
  return api.alternateCode(person);
}

/** Takes every step that is left after the one that was answered. */
async function finish({ person, place, backupCode = '', recovery: before }: Underway): Promise<Recovery> {
  const web = clientOf(stack, 'credential-provider');
  let recovery: Recovery = await api.past(before.recoveryId, place.step);
  while (recovery.step !== undefined) {
    const { step } = recovery;
    const answer =
      step.type === 'kba'
        ? { answers: answersTo(step.challenge) }
        : { code: step.type === 'otp' ? await codeFor(person, step.challenge.challengeId) : backupCode };
    recovery = orThrow(await web.answerStep(recovery, answer));
  }
  return recovery;
}

const nameOf = (place: Place) => `${place.step} on ${methodOf(place)}`;
const bringAll = async () => {
  const all: Underway[] = [];
  for (const place of places) all.push(await bringTo(place));
  return all;
};

const titles = places.map((place, at) => ({ name: nameOf(place), at }));

describe('killed', () => {
  let waiting: Underway[];
  let answered: Underway[];
  let onTheirWay: Underway[];
  let left: Underway[];
  beforeAll(async () => {
    const first = goOnWith(await startLoneStack({ dataDir }));
    [waiting, answered] = [await bringAll(), await bringAll()];
    [onTheirWay, left] = [await bringAll(), await bringAll()];
    const answers = await Promise.all(answered.map(answer));
    expect(answers.map(({ status }) => status)).toEqual(places.map(() => 200));
    // Each a little later than the one before it, so that they are caught at different places.
    const asked = onTheirWay.map(async (underway, at) => {
      await delay(at * 15);
      await answerOnce(underway).catch(() => undefined);
    });
    await delay(120);
    await first.kill();
    await Promise.all(asked);
    goOnWith(await startStack({ dataDir })); // nobody kills this one: it needs no process of its own
  });

  test.each(titles)('while $name waits, it is finished', async ({ at }) => {
    const underway = waiting[at] as Underway;
    expect((await answer(underway)).status).toBe(200);
    const method = methodOf(underway.place);
    expect(await finish(underway)).toMatchObject({ status: 'succeeded', verification: { method } });
  });

  test.each(titles)('right after the answer to $name was taken, it goes on from there', async ({ at }) => {
    const underway = answered[at] as Underway;
    const ended = await finish(underway);
    expect(ended).toMatchObject({
      status: 'succeeded',
      verification: { method: methodOf(underway.place) },
    });
    // Taken once: the same answer again, under its key, is told the same and moves nothing.
    expect((await answer(underway)).status).toBe(200);
    expect((await api.read(underway.recovery.recoveryId)).body.status).toBe('succeeded');
  });

  test.each(titles)(
    'while the answer to $name is on its way, it takes the same answer again and is finished',
    async ({ at }) => {
      const underway = onTheirWay[at] as Underway;
      expect((await answer(underway)).status).toBe(200);
      expect(await finish(underway)).toMatchObject({
        status: 'succeeded',
        verification: { method: methodOf(underway.place) },
      });
    },
  );

  test('those whose time runs out afterwards are timed out, their executions too', async () => {
    await stack.advance(900);
    for (const { recovery, place } of left) {
      const { recoveryId } = recovery;
      expect((await api.read(recoveryId)).body).toMatchObject({ status: 'timed-out' });
      const history = await until(
        async () => JSON.parse(await api.history(recoveryId)),
        ({ status }) => status !== 'RUNNING',
      );
      expect({ place, status: history.status, error: history.error }).toEqual({
        place,
        status: 'FAILED',
        error: 'RecoveryTimedOut',
      });
    }
  });
});
