/** What is known after a soak: what the clients saw, what the table, the carriers, the queues and the log hold. */
import type { SentMessage } from '../../../infra/local/aws/outbox.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { UserRecord } from '../../../shared/domain/user-record/user-record.ts';
import type { Json } from '../../stack.ts';
import type { QueueState } from '../inside/routes.ts';
import type { LogLine } from '../inside/stack.ts';

export type Operation =
  | 'start'
  | 'resend'
  | 'status'
  | 'verify'
  | 'ask'
  | 'check'
  | 'use-code'
  | 'generate'
  | 'enrol'
  | 'unlock'
  | 'recover'
  | 'recovery';

/** One request as its client saw it. Times are epoch milliseconds of the moved clock. */
export interface Entry {
  readonly id: number;
  readonly op: Operation;
  readonly user: string;
  readonly client: string;
  readonly path: string;
  readonly key?: string | undefined;
  /** The body as it was sent. */
  readonly request: string;
  readonly from: number;
  readonly to: number;
  /** 0 where no answer came. */
  readonly status: number;
  readonly text: string;
  readonly body: Json;
  readonly retryAfter: boolean;
  /** A function instance was ended while it was under way. */
  readonly killed: boolean;
  /** The challenge or recovery that it is about. */
  readonly subject?: string | undefined;
  /** The recovery that a step belongs to. */
  readonly recovery?: string | undefined;
  /** The code that was typed. */
  readonly code?: string | undefined;
}

export interface Observed {
  readonly policy: Policy;
  readonly entries: readonly Entry[];
  /** Of everybody who was ever enrolled, by folded name. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Names whose last step, after all faults had ended, was to sign in, and the entry that shows it. */
  readonly finals: readonly { readonly user: string; readonly entry: Entry | undefined }[];
  readonly messages: readonly SentMessage[];
  readonly records: readonly UserRecord[];
  /** Times in the counters of destinations, newest first, by the counter's key. */
  readonly limiter: Readonly<Record<string, readonly number[]>>;
  /** Ids of challenges in the table that have a winning guess. */
  readonly won: ReadonlySet<string>;
  readonly log: readonly LogLine[];
  readonly queues: readonly QueueState[];
  /** Public keys of the assertions, as JWKS. */
  readonly keys: readonly Json[];
  /** Ends of instances, moved time. */
  readonly kills: readonly number[];
  /** Faults that were ordered, instances that were ended, moves of the clock: what a doubled message may come from. */
  readonly disturbances: number;
}

export interface Violation {
  readonly rule: string;
  /** Entries by number, challenges, users, counters. */
  readonly ids: readonly (string | number)[];
  readonly text: string;
}

export interface Rule {
  readonly name: string;
  readonly says: string;
  find(observed: Observed): Violation[];
}

export function rule(
  name: string,
  says: string,
  find: (observed: Observed) => Omit<Violation, 'rule'>[],
): Rule {
  return {
    name,
    says,
    find: (observed) => find(observed).map((violation) => ({ rule: name, ...violation })),
  };
}

/** The same request again, under its key, is the same name. */
export const requestOf = ({ id, client, path, key }: Entry): string =>
  key === undefined ? `#${id}` : `${client} ${path} ${key}`;

const attempts: readonly Operation[] = ['verify', 'check', 'use-code'];
export const isGuess = ({ op }: Entry): boolean => attempts.includes(op);
export const isWrong = (entry: Entry): boolean => isGuess(entry) && entry.status === 422;
export const isRight = (entry: Entry): boolean => isGuess(entry) && entry.status === 200;
/** Nobody told the client what became of it. */
export const isUncertain = ({ status }: Entry): boolean => status === 0 || status >= 500;
/** Something was verified and asserted to the client. */
export const asserts = ({ body }: Entry): boolean => assertionOf(body) !== undefined;

export function assertionOf(body: Json): string | undefined {
  return body?.assertion ?? body?.verification?.assertion;
}

export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** One entry of each request: the last that was answered for sure, else the last. */
export function distinct(entries: readonly Entry[]): Entry[] {
  return [...groupedBy(entries, requestOf).values()].map(
    (same) => (same.findLast((entry) => !isUncertain(entry)) ?? same.at(-1)) as Entry,
  );
}

/** The code in a message, undefined in a notice. */
export const codeIn = ({ body }: Pick<SentMessage, 'body'>): string | undefined =>
  /(?<!\d)\d(?: ?\d){5}(?!\d)/.exec(body)?.[0].replaceAll(' ', '');
