/** Enumeration: whether any answer of a sign-in route tells who is known, and in which state. */
import { put, wrong } from '../e2e/people.ts';
import { recoverer, securityQuestions, wrongAnswers } from '../e2e/recovering.ts';
import type { Json, StackAnswer } from '../stack.ts';
import { appearanceOf } from './appearance.ts';
import { type MeasuredStack, startMeasured } from './inside/stack.ts';
import { grouped, type Measurement, noneOf } from './measurement.ts';

/** Names are of one length and begin alike, since masks show the first letter of an address. */
const nameOf = (kind: string, turn: string): string => `m-${kind}-${turn}`.padEnd(30, 'x');

let numbers = 0;
function contactOf(userId: string) {
  numbers += 1;
  return {
    phone: `+1202555${String(numbers).padStart(4, '0')}`,
    email: `${userId}@example.com`,
    alternateEmail: `${userId}@alternate.example`,
    securityQuestions,
  };
}

type Make = (stack: MeasuredStack, userId: string) => Promise<unknown>;

/** Everything that a name can stand for. */
export const kinds: Readonly<Record<string, Make>> = {
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

/** The list in use is the one that everybody has. */
const theirQuestions = { questions: securityQuestions.map(({ questionId: id }) => ({ id })) };

/** How many steps of each kind look unlike those of a known person. */
async function compareAlike(
  kindsAlike: typeof alike,
  methods: readonly string[],
  progress: (line: string) => void,
) {
  const stack = await startMeasured(undefined, theirQuestions);
  let [answers, differences] = [0, 0];
  try {
    for (const method of methods) {
      let first: readonly (readonly [string, string])[] | undefined;
      for (const [place, [kind, make, form]] of kindsAlike.entries()) {
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
  } finally {
    await stack.stop();
  }
  return { answers, differences };
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
  await stack.settled();
  await note('status', api.status(challengeId));
  await note('resend in the gap', api.resend(challengeId));
  await note('start in the gap', api.start(userId, { method }));
  await stack.advance(31);
  await note('resend', api.resend(challengeId));
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    await note(`wrong code ${attempt}`, api.verify(challengeId, wrong('000000', attempt)));
  }
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
  await stack.settled();
  await note('status after a wait', api.status(locked.challengeId));
  await note('code after a wait', api.verify(locked.challengeId, '000000'));
  await note('code while locked', api.verify(locked.challengeId, '000001'));
  return seen;
}

export const enumeration: Measurement = {
  name: 'enumeration',
  rows: [
    {
      id: 'enumeration.answers',
      promise:
        'No answer tells a known person from a name that is unknown, disabled, removed or half enrolled',
      how: 'status, names and values of headers, body and length of every sign-in route, for eight kinds of names, which begin as their addresses do, from the start to the lock; ids, times, digits of masks, domains of private inboxes, sets of methods and questions apart; quotas and breaker as the policy has them',
    },
    {
      id: 'enumeration.alike',
      promise:
        'Where all are enrolled alike, methods and questions tell no more, in whatever form a name is asked for',
      how: 'the same story, methods and questions compared, where everybody has a number, two addresses and the three questions of the list; names as they are, in capitals, with `CORP\\` and with the domain',
    },
    {
      id: 'enumeration.locked',
      promise: 'A start does not tell that the person is locked',
      how: 'the first start of each story against the one after its ten wrong attempts',
    },
  ],

  async measure({ quick }, progress) {
    const stack = await startMeasured();
    const chosen = Object.entries(kinds).slice(0, quick ? 3 : undefined);
    let [answers, bytes, differences, pairs, locked] = [0, 0, 0, 0, 0];
    try {
      for (const method of quick ? ['SMS'] : ['SMS', 'Email', 'Call']) {
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
        const known = seen.get('known') ?? [];
        for (const [kind, looks] of seen) {
          const other = known.filter(([, look], place) => looks[place]?.[1] !== look);
          differences += other.length;
          for (const [step] of other) progress(`${method}: ${kind} differs at "${step}"`);
        }
        progress(method);
      }
    } finally {
      await stack.stop();
    }
    const kindsAlike = quick ? alike.slice(0, 2) : alike;
    const uniform = await compareAlike(kindsAlike, quick ? ['SMS'] : ['SMS', 'Email', 'Call'], progress);
    const compared = `${grouped(answers)} answers of ${chosen.length} kinds of names, ${grouped(bytes)} bytes of bodies`;
    return {
      'enumeration.answers': noneOf(differences, `${differences} differences in ${compared}`),
      'enumeration.alike': noneOf(
        uniform.differences,
        `${uniform.differences} differences in ${grouped(uniform.answers)} answers of ${kindsAlike.length} kinds of names`,
      ),
      'enumeration.locked': noneOf(locked, `${locked} differences in ${pairs} pairs`),
    };
  },
};
