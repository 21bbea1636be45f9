/** What can be done to the API in a model run: as it is drawn at random, and as it is then asked for. */
import fc from 'fast-check';
import type { Method } from '../../shared/domain/policy/policy.ts';
import type { CodeKind } from '../../shared/domain/user-record/code-batch.ts';

interface Keyed {
  readonly user: string;
  readonly client: string;
  /** Idempotency-Key. */
  readonly key?: string | undefined;
}

/** One request, with everything that it carries. `of` is the id of what it is about. */
export type Operation =
  | (Keyed & { readonly do: 'start'; readonly method?: Method | undefined })
  | (Keyed & { readonly do: 'resend'; readonly of: string; readonly method?: Method | undefined })
  | (Keyed & { readonly do: 'status'; readonly of: string })
  /** `isCodeOf`: the challenge and send whose code was typed. */
  | (Keyed & {
      readonly do: 'verify';
      readonly of: string;
      readonly typed: string;
      readonly isCodeOf: string;
    })
  | { readonly do: 'deliver'; readonly times: number }
  | (Keyed & { readonly do: 'ask' })
  | (Keyed & { readonly do: 'check'; readonly of: string; readonly given: string; readonly isRight: boolean })
  | (Keyed & { readonly do: 'generate'; readonly codeKind: CodeKind; readonly count: number })
  | (Keyed & { readonly do: 'use'; readonly typed: string; readonly code?: { batch: string; place: number } })
  | { readonly do: 'unlock'; readonly user: string }
  | { readonly do: 'remove'; readonly user: string }
  | {
      readonly do: 'enrol';
      readonly user: string;
      readonly phone?: string | undefined;
      readonly email?: string | undefined;
      readonly enabled: boolean;
    };

/** A draw: numbers and words that are made into an operation when it is known what there is to act on. */
export type Draw = Readonly<{
  do: Operation['do'];
  /** Places in the lists of names, of clients, of challenges (the newest first) and of what can be typed. */
  user: number;
  client: number;
  back: number;
  /** True where the client acts on what another one started. */
  isForeign: boolean;
  attempt: Attempt;
  method: Method | undefined;
  key: string | undefined;
  contact: number;
}>;

/** Typed codes: the right one, three wrong ones, that of an earlier send, that of another challenge. */
const attempts = ['right', 'wrong-1', 'wrong-2', 'wrong-3', 'earlier', 'another'] as const;
export type Attempt = (typeof attempts)[number];

/** How often each operation is drawn. Hashes of answers and backup codes take long, and so come seldom. */
const weights: readonly (readonly [Operation['do'], number])[] = [
  ['start', 16],
  ['verify', 26],
  ['resend', 10],
  ['status', 4],
  ['deliver', 6],
  ['enrol', 4],
  ['unlock', 2],
  ['remove', 1],
  ['ask', 2],
  ['check', 2],
  ['generate', 1],
  ['use', 2],
];

function drawOf(operation: fc.Arbitrary<Operation['do']>): fc.Arbitrary<Draw> {
  const none = [undefined, undefined, undefined, undefined];
  return fc.record({
    do: operation,
    user: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
    client: fc.constantFrom(0, 0, 0, 1),
    back: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
    isForeign: fc.constantFrom(false, false, false, false, false, false, false, false, false, true),
    attempt: fc.constantFrom<Attempt>('right', 'right', 'wrong-1', 'wrong-1', 'wrong-1', ...attempts),
    method: fc.constantFrom<Method | undefined>(...none, 'SMS', 'Email', 'Call'),
    key: fc.constantFrom(...none, 'key-1', 'key-2'),
    contact: fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 5),
  });
}

const anyOperation = fc.oneof(...weights.map(([word, weight]) => ({ arbitrary: fc.constant(word), weight })));

export const draw: fc.Arbitrary<Draw> = drawOf(anyOperation);

/** Requests that race: two to four about one person; of those that send, one kind and one method. */
export const race: fc.Arbitrary<readonly Draw[]> = fc
  .tuple(
    fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom<Operation['do'][]>(
          ['verify'],
          ['start'],
          ['resend'],
          ['verify', 'resend'],
          ['verify', 'start'],
          ['verify', 'enrol'],
          ['verify', 'unlock', 'remove'],
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Operation['do'][]>(
          ['use'],
          ['check'],
          ['verify', 'use', 'check', 'unlock'],
          ['ask', 'check'],
          ['generate', 'use'],
        ),
      },
    ),
    fc.array(drawOf(fc.constant('verify')), { minLength: 2, maxLength: 4 }),
    fc.infiniteStream(fc.nat()),
  )
  .map(([words, draws, numbers]) => {
    const [first] = draws as [Draw];
    return draws.map((one) => ({
      ...one,
      do: words[(numbers.next().value as number) % words.length] as Operation['do'],
      user: first.user,
      method: first.method,
    }));
  });

/** Seconds that matter to a gap, a code, a wait, a window or a memory. */
export const pause = fc.constantFrom(
  0.5,
  29,
  30,
  31,
  60,
  120,
  150,
  299,
  300,
  301,
  600,
  601,
  3_600,
  7_200,
  86_400,
);

/** What comes between a code and its use: most of it ends the challenge, some of it must not. */
export const between = fc.constantFrom<Operation['do']>(
  'enrol',
  'enrol',
  'enrol',
  'remove',
  'unlock',
  'deliver',
  'ask',
);

/** Somebody who goes on guessing wrong, and at the end perhaps right. */
export interface Siege {
  readonly draw: Draw;
  readonly attempt: 'verify' | 'check' | 'use';
  /** What begins anew before each guess, or where there is no pause before the first. */
  readonly renew: 'start' | 'resend' | 'ask' | 'generate';
  readonly times: number;
  readonly pauseSeconds: number;
  readonly endsRight: boolean;
}

const sieges = [
  ['verify', 'start', 12],
  ['verify', 'start', 12],
  ['verify', 'resend', 8],
  ['check', 'ask', 4],
  ['use', 'generate', 3],
] as const;

/** Without a pause, or with one that is longer than most gaps or than most waits. */
export const siege: fc.Arbitrary<Siege> = fc.constantFrom(...sieges).chain(([attempt, renew, most]) =>
  fc.record({
    draw: drawOf(fc.constant(attempt)).map((drawn) => ({ ...drawn, back: 0, isForeign: false })),
    attempt: fc.constant(attempt),
    renew: fc.constant(renew),
    times: fc.integer({ min: 2, max: most }),
    pauseSeconds: fc.constantFrom(0, 0, 61, 121, 241),
    endsRight: fc.boolean(),
  }),
);
