/** One name after the other, each from its start to its lock: whatever it stands for, and however it is asked for. */
import { put, wrong } from '../../e2e/people.ts';
import { recoverer, wrongAnswers } from '../../e2e/recovering.ts';
import type { Json, StackAnswer } from '../../stack.ts';
import { appearanceOf } from '../appearance.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Progress } from '../measurement.ts';
import { contactOf, nameOf } from './names.ts';
import { untilTold } from './told.ts';

type Make = (stack: MeasuredStack, userId: string) => Promise<unknown>;

/** Everything that a name can stand for. */
const kinds: Readonly<Record<string, Make>> = {
  known: (stack, userId) => put(stack, userId, contactOf(userId)),
  unknown: async () => undefined,
  disabled: (stack, userId) => put(stack, userId, { ...contactOf(userId), enabled: false }),
  'no phone': (stack, userId) => put(stack, userId, { ...contactOf(userId), phone: undefined }),
  'no email': (stack, userId) =>
    put(stack, userId, { ...contactOf(userId), email: undefined, alternateEmail: undefined }),
  'no questions': (stack, userId) =>
    put(stack, userId, { ...contactOf(userId), securityQuestions: undefined }),
  nothing: (stack, userId) => put(stack, userId, {}),
  removed: async (stack, userId) => {
    await put(stack, userId, contactOf(userId));
    await recoverer(stack).call('DELETE', `/v1/users/${userId}`, undefined, { client: 'admin' });
  },
};

const [known, unknown, disabled, removed] = [
  kinds['known'],
  kinds['unknown'],
  kinds['disabled'],
  kinds['removed'],
];

/** In an organisation that enrols alike: how a name is asked for, and what is there under the name itself. */
const alike: readonly (readonly [kind: string, make: Make | undefined, form: (userId: string) => string])[] =
  [
    ['known', known, (userId) => userId],
    ['unknown in capitals', unknown, (userId) => userId.toUpperCase()],
    ['known in another form', known, (userId) => `CORP\\${userId.toUpperCase()}`],
    ['unknown', unknown, (userId) => userId],
    ['unknown with the domain', unknown, (userId) => `${userId}@corp.example`],
    ['unknown with the old domain', unknown, (userId) => `CORP\\${userId}`],
    ['disabled', disabled, (userId) => userId],
    ['removed', removed, (userId) => userId],
  ];

const methodsOf = (quick: boolean) => (quick ? ['SMS'] : ['SMS', 'Email', 'Call']);

/** How many steps of each kind look unlike those of a known person, sets of methods and questions apart. */
export async function compareKinds(stack: MeasuredStack, quick: boolean, progress: Progress) {
  const chosen = Object.entries(kinds).slice(0, quick ? 3 : undefined);
  let [answers, bytes, differences, pairs, locked] = [0, 0, 0, 0, 0];
  for (const method of methodsOf(quick)) {
    const seen = new Map<string, (readonly [string, string])[]>();
    for (const [kind, make] of chosen) {
      const userId = nameOf(kind.replace(' ', '-'), method);
      await make(stack, userId);
      const told = await story(stack, userId, method);
      const looks = told.map(([step, answer]) => [step, appearanceOf(answer)] as const);
      seen.set(kind, looks);
      answers += looks.length;
      bytes += told.reduce((sum, [, { text }]) => sum + Buffer.byteLength(text), 0);
      const { start, 'start after a wait': after } = Object.fromEntries(looks);
      pairs += 1;
      if (start !== after) locked += 1;
    }
    const ofKnown = seen.get('known') ?? [];
    for (const [kind, looks] of seen) {
      const other = ofKnown.filter(([, look], place) => looks[place]?.[1] !== look);
      differences += other.length;
      for (const [step] of other) progress(`${method}: ${kind} differs at "${step}"`);
    }
    progress(method);
  }
  return { kinds: chosen.length, answers, bytes, differences, pairs, locked };
}

/** The same of names in an organisation that enrols alike, methods and questions compared. */
export async function compareAlike(stack: MeasuredStack, quick: boolean, progress: Progress) {
  const chosen = quick ? alike.slice(0, 2) : alike;
  let [answers, differences] = [0, 0];
  for (const method of methodsOf(quick)) {
    let first: readonly (readonly [string, string])[] | undefined;
    for (const [place, [kind, make, form]] of chosen.entries()) {
      const userId = nameOf(`alike-${place}`, method);
      await make?.(stack, userId);
      const told = await story(stack, form(userId), method);
      const looks = told.map(([step, answer]) => [step, appearanceOf(answer, true)] as const);
      first ??= looks;
      answers += looks.length;
      const other = first.filter(([, look], at) => looks[at]?.[1] !== look);
      differences += other.length;
      for (const [step] of other) progress(`${method}: ${kind} differs at "${step}"`);
    }
  }
  return { kinds: chosen.length, answers, differences };
}

/** Everything that a stranger with a client's token can do with a name, until the name is locked. */
async function story(stack: MeasuredStack, userId: string, method: string): Promise<[string, StackAnswer][]> {
  const api = recoverer(stack);
  const seen: [string, StackAnswer][] = [];
  const note = async (step: string, answer: Promise<StackAnswer>): Promise<Json> => {
    const given = await answer;
    seen.push([step, given]);
    return given.body;
  };
  const { challengeId } = await note('start', api.start(userId, { method }));
  await untilTold(stack);
  await note('status', api.status(challengeId));
  await note('resend in the gap', api.resend(challengeId));
  await note('start in the gap', api.start(userId, { method }));
  await stack.advance(31);
  await note('resend', api.resend(challengeId));
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    await note(`wrong code ${attempt}`, api.verify(challengeId, wrong('000000', attempt)));
  }
  await untilTold(stack);
  await note('status of an exhausted challenge', api.status(challengeId));
  const asked = await note('questions', api.askQuestions(userId));
  await note('wrong answers', api.check(asked, wrongAnswers));
  await note('wrong answers again', api.check(asked, wrongAnswers));
  for (const path of ['kba', 'otp-alternate-email', 'backup-code']) {
    const { recoveryId } = await api.begin(userId, { path });
    await note(`recovery by ${path}`, api.read(recoveryId));
  }
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await note(`wrong backup code ${attempt}`, api.useBackupCode({ userId, code: '0000-0000-0000-0000' }));
  }
  await note('backup code while locked', api.useBackupCode({ userId, code: '0000-0000-0000-0000' }));
  await note('answers while locked', api.check(asked, wrongAnswers));
  await stack.advance(121);
  const locked = await note('start after a wait', api.start(userId, { method }));
  await untilTold(stack);
  await note('status after a wait', api.status(locked.challengeId));
  await note('code after a wait', api.verify(locked.challengeId, '000000'));
  await note('code while locked', api.verify(locked.challengeId, '000001'));
  return seen;
}
