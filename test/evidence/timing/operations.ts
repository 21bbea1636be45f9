/** What is timed: each operation, the kinds of names it is done to, and which of them must not be told apart. */
import { rightAnswers, wrongAnswers } from '../../e2e/recovering.ts';
import type { Json } from '../../stack.ts';
import type { Delivery, Exchange } from './exchange.ts';
import type { Condition, Needs, Subject } from './pools.ts';

export interface Arm {
  readonly name: string;
  readonly condition: Condition;
  /** What the arm does differently: which answers or codes are given. */
  readonly gives?: 'some right' | 'all right';
  /** The arm that it must not be told from; absent: it is one of those. */
  readonly against?: string;
}

export interface Operation {
  readonly id: string;
  readonly what: string;
  readonly status: number;
  readonly arms: readonly Arm[];
  readonly needs: Needs;
  /** Samples of one person: more would meet a limit or a lock. */
  readonly perSubject: number;
  /** The clock moves on by so much before `prepare`, and between it and `act`. */
  readonly restSeconds?: (turn: number) => number;
  readonly seconds?: (turn: number) => number;
  /** Before each sample of a person, untimed; what it returns is handed to `act`. */
  prepare?(subject: Subject, turn: number, send: Delivery, before: Json): Promise<Json>;
  act(subject: Subject, prepared: Json, send: Delivery, arm: Arm): Promise<Exchange>;
}

const path = '/v1/otp-challenges';
const startBySms = ({ userId }: Subject, send: Delivery) => send('POST', path, { userId, method: 'SMS' });

const plain = (...others: readonly Condition[]): Arm[] => [
  { name: 'known', condition: 'known' },
  ...(['unknown', 'disabled', ...others] as const).map((condition) => ({
    name: condition,
    condition,
    against: 'known',
  })),
];
/** A lock must not show; that somebody guessed nine times, which makes a record longer, is no part of the promise. */
const lockedAfterNine: readonly Arm[] = [
  { name: 'nine wrong attempts', condition: 'nine wrong' },
  { name: 'locked', condition: 'locked', against: 'nine wrong attempts' },
];
/** Whoever is locked is refused, known or not: they are compared with each other. */
const lockedPair: readonly Arm[] = [
  { name: 'locked unknown', condition: 'locked unknown' },
  { name: 'locked', condition: 'locked', against: 'locked unknown' },
];

function answersTo(challenge: Json, gives: Arm['gives']) {
  const questions = challenge.questions as readonly { readonly questionId: string }[];
  return questions.map(({ questionId }, place) => {
    const right = gives === 'all right' || (gives === 'some right' && place === 0);
    return { questionId, answer: (right ? rightAnswers : wrongAnswers)[questionId] ?? 'Nobody Knows' };
  });
}

const started: NonNullable<Operation['prepare']> = async (subject, turn, send, before) =>
  turn === 0 ? (await startBySms(subject, send)).body : before;

/** Whom somebody had to guess at before the first sample: in small sizes not before every operation. */
const isGuessedAt = ({ condition }: Arm): boolean =>
  condition === 'nine wrong' || condition.startsWith('locked');

/** In small sizes the locked are timed where a lock is told (`verify`) and where it is not (`start`). */
export const armsOf = ({ id, arms }: Operation, quick: boolean): readonly Arm[] =>
  quick && id !== 'start' && id !== 'verify' ? arms.filter((arm) => !isGuessedAt(arm)) : arms;

export const operations: readonly Operation[] = [
  {
    id: 'start',
    what: 'a start',
    status: 201,
    arms: [...plain('no phone'), ...lockedAfterNine],
    needs: { phone: true },
    perSubject: 4,
    seconds: () => 121,
    act: (subject, _, send) => startBySms(subject, send),
  },
  {
    id: 'resend',
    what: 'a resend',
    status: 200,
    arms: [...plain('no phone'), ...lockedAfterNine],
    needs: { phone: true },
    perSubject: 3,
    seconds: (turn) => [31, 61, 121][turn] ?? 121,
    prepare: started,
    act: (_, { challengeId }, send) => send('POST', `${path}/${challengeId}/resend`, {}),
  },
  {
    id: 'status',
    what: 'reading the status',
    status: 200,
    arms: [...plain('no phone'), ...lockedAfterNine],
    needs: { phone: true },
    perSubject: 10,
    seconds: (turn) => (turn === 0 ? 4 : 0),
    prepare: started,
    act: (_, { challengeId }, send) => send('GET', `${path}/${challengeId}`),
  },
  {
    id: 'verify',
    what: 'a wrong code',
    status: 422,
    arms: [...plain('no phone'), ...lockedPair],
    needs: { phone: true },
    perSubject: 9, // the tenth would lock
    prepare: started,
    act: (_, { challengeId }, send) => send('POST', `${path}/${challengeId}/verify`, { code: '000000' }),
  },
  {
    id: 'ask',
    what: 'asking for the questions',
    status: 201,
    arms: [...plain('no questions'), ...lockedAfterNine],
    needs: { questions: true },
    perSubject: 10,
    act: ({ userId }, _, send) => send('POST', '/v1/kba-challenges', { userId }),
  },
  {
    id: 'check',
    what: 'wrong answers',
    status: 422,
    arms: [
      ...plain('no questions'),
      { name: 'one right answer', condition: 'known', gives: 'some right', against: 'known' },
      { name: 'disabled, all right', condition: 'disabled', gives: 'all right', against: 'known' },
      ...lockedPair,
    ],
    needs: { questions: true },
    perSubject: 9, // three tries a day, and the tenth wrong attempt would lock
    restSeconds: (turn) => (turn > 0 && turn % 3 === 0 ? 86_401 : 0),
    prepare: async ({ userId }, turn, send, before) =>
      turn % 3 === 0 ? (await send('POST', '/v1/kba-challenges', { userId })).body : before,
    act: (_, challenge, send, { gives }) =>
      send('POST', `/v1/kba-challenges/${challenge.challengeId}/check`, {
        answers: answersTo(challenge, gives),
      }),
  },
  {
    id: 'backup-code',
    what: 'a wrong backup code',
    status: 422,
    arms: [
      ...plain(),
      { name: 'disabled, right code', condition: 'disabled', gives: 'all right', against: 'known' },
      ...lockedPair,
    ],
    needs: { codes: true },
    perSubject: 9,
    act: ({ userId, backupCode }, _, send, { gives }) =>
      send('POST', '/v1/backup-codes/verify', { userId, code: gives ? backupCode : '1111-1111-1111-1111' }),
  },
  {
    id: 'recovery',
    what: 'the start of a recovery',
    status: 201,
    arms: [...plain('no questions'), ...lockedAfterNine],
    needs: { questions: true },
    perSubject: 20, // of each arm some fifty a turn: a client starts 300 an hour for names of nobody
    restSeconds: (turn) => (turn === 0 ? 0 : 3_601),
    act: ({ userId }, _, send) => send('POST', '/v1/recoveries', { userId, path: 'kba' }),
  },
];
