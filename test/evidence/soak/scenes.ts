/** What people, and those who are after them, do in a soak: each scene is one visit, and gives up when it is refused. */
import { randomUUID } from 'node:crypto';
import { wrong } from '../../e2e/people.ts';
import type { Json } from '../../stack.ts';
import type { Journal } from './client.ts';
import type { Person } from './person.ts';

export interface Stage {
  readonly random: () => number;
  readonly journal: Journal;
}

type Scene = (person: Person, stage: Stage) => Promise<unknown>;

const methods = ['SMS', 'Email', 'Call'];
const clients = ['credential-provider', 'web-login'] as const;
const pick = <T>(items: readonly T[], random: () => number): T =>
  items[Math.floor(random() * items.length)] as T;
const together = <T>(count: number, each: (place: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, place) => each(place)));

/** The code that came after the ones that were known, if it comes soon. */
async function newCode(person: Person, known: number): Promise<string | undefined> {
  for (const deadline = Date.now() + 2_500; Date.now() < deadline; ) {
    const codes = await person.codes();
    if (codes.length > known) return codes.at(-1);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  return undefined;
}

/** Starts a challenge and reads the code. */
async function challenged(person: Person, { random }: Stage) {
  const client = pick(clients, random);
  const known = (await person.codes()).length;
  const { status, body } = await person.start(pick(methods, random), { client });
  if (status !== 201) return undefined;
  const code = await newCode(person, known);
  return { client, challengeId: body.challengeId as string, code };
}

const signIn: Scene = async (person, stage) => {
  const found = await challenged(person, stage);
  if (found === undefined) return;
  const { client, challengeId, code } = found;
  if (stage.random() < 0.2) await person.status(challengeId, { client });
  if (stage.random() < 0.3) await person.verify(challengeId, wrong(code ?? '000000'), { client });
  if (code === undefined) return;
  const key = randomUUID();
  // A client whose request got no answer sends it again; one that got one sometimes does too.
  for (let turn = 0; turn < 4; turn += 1) {
    const { status } = await person.verify(challengeId, code, { client, key });
    if (status !== 0 && status < 500 && stage.random() < 0.7) return;
  }
};

const resendFirst: Scene = async (person, stage) => {
  const found = await challenged(person, stage);
  if (found === undefined) return;
  const { client, challengeId, code } = found;
  await stage.journal.advance(31);
  const known = (await person.codes()).length;
  const resent = person.resend(challengeId, { client });
  if (code !== undefined && stage.random() < 0.5) await person.verify(challengeId, code, { client });
  if ((await resent).status !== 200) return;
  const next = await newCode(person, known);
  if (next !== undefined) await together(2, () => person.verify(challengeId, next, { client }));
};

const bruteForce: Scene = async (person, stage) => {
  const client = pick(clients, stage.random);
  const { status, body } = await person.start('SMS', { client });
  if (status !== 201) return;
  const first = Math.floor(stage.random() * 900_000);
  await together(20, (place) =>
    person.verify(body.challengeId, String(first + place).padStart(6, '0'), { client }),
  );
};

const replay: Scene = async (person, stage) => {
  const found = await challenged(person, stage);
  if (found?.code === undefined) return;
  const { client, challengeId, code } = found;
  await together(8, () => person.verify(challengeId, code, { client }));
};

const restart: Scene = async (person, stage) => {
  const key = randomUUID();
  await together(6, () => person.start('Email', { key }));
  await stage.journal.advance(31);
  await together(3, (place) => person.start(methods[place] as string));
};

const questions: Scene = async (person, { random }) => {
  const client = pick(clients, random);
  const { status, body } = await person.askQuestions({ client });
  if (status !== 201) return;
  const isRight = random() < 0.6;
  await together(isRight ? 3 : 5, () => person.check(body, isRight, { client }));
};

const backupCodes: Scene = async (person, { random }) => {
  const { status, body } = await person.generate();
  if (status !== 201) return;
  const [one, two, three] = body.codes as string[];
  await together(4, () => person.redeemCode(one as string));
  await person.redeemCode('0000-0000-0000-0000');
  if (random() < 0.5) return;
  await Promise.all([person.redeemCode(two as string), person.generate()]);
  await person.redeemCode(three as string);
};

/** Follows the steps as they come, up to a few, with the right proofs. */
const recover: Scene = async (person, stage) => {
  const by = pick(['kba', 'otp-alternate-email', 'kba+otp-alternate-email', 'backup-code'], stage.random);
  const known = (await person.codes()).length;
  const codes: string[] = by === 'backup-code' ? ((await person.generate()).body?.codes ?? []) : [];
  const started = await person.recover(by);
  if (started.status !== 201) return;
  const recovery: string = started.body.recoveryId;
  for (let turn = 0; turn < 12; turn += 1) {
    const { body } = await person.recovery(recovery);
    const step: Json = body?.step;
    if (body !== undefined && body.status !== undefined && body.status !== 'pending') return;
    if (step?.type === 'kba') await person.check(step.challenge, stage.random() < 0.9, { recovery });
    else if (step?.type === 'otp') {
      const code = await newCode(person, known);
      if (code !== undefined) await person.verify(step.challenge.challengeId, code, { recovery });
    } else if (step?.type === 'backup-code' && codes[0] !== undefined) {
      await together(2, () => person.redeemCode(codes[0] as string, { recovery }));
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await person.recovery(recovery);
};

const disable: Scene = async (person, stage) => {
  const found = await challenged(person, stage);
  await person.enrol({ enabled: false });
  if (found?.code !== undefined) await person.verify(found.challengeId, found.code, { client: found.client });
  await person.start('SMS');
  await person.enrol();
};

const unlock: Scene = async (person) => person.unlock();

/** Scenes by how often they are played. */
export const scenes: readonly (readonly [weight: number, Scene])[] = [
  [10, signIn],
  [3, resendFirst],
  [3, bruteForce],
  [3, replay],
  [2, restart],
  [3, questions],
  [3, backupCodes],
  [4, recover],
  [2, disable],
  [2, unlock],
];

/** What honest people do while one service fails. */
export const faultScenes: typeof scenes = [
  [4, signIn],
  [1, resendFirst],
  [1, replay],
  [2, questions],
  [2, backupCodes],
  [2, recover],
  [2, unlock],
];

/** What is done to names that nobody has. */
export const strangerScenes: readonly (readonly [weight: number, Scene])[] = [
  [3, bruteForce],
  [1, restart],
  [1, questions],
  [1, async (person) => person.redeemCode('0000-0000-0000-0000')],
];

export function nextScene(list: typeof scenes, random: () => number): Scene {
  let left = random() * list.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, scene] of list) {
    left -= weight;
    if (left < 0) return scene;
  }
  return signIn;
}
