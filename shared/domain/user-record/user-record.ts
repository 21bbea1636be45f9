/** A user's one record: enrolment, challenges, attempts, backup codes, replies and notices. */
import type { Method } from '../policy/policy.ts';
import type { AttemptBudget, RecordedAttempts } from './attempts.ts';
import type { ChallengeView, KbaChallenge, KbaView, OtpChallenge } from './challenge.ts';
import type { CodeBatch, CodeKind, CodeUse } from './code-batch.ts';
import { blankHelpDesk, type HelpDeskState } from './help-desk-state.ts';
import type { Notice } from './notice.ts';
import type { SentMessage } from './sent-message.ts';

/** Everything that takes attempts; each has its own count of consecutive failures. */
export type Authenticator = Method | 'kba' | 'backup-code';

/** What a start or resend answered, kept so that a replay is answered alike. */
export interface Reply {
  /** Stands for the client whose key it was. */
  readonly owner: string;
  readonly body: string;
  readonly at: number;
  readonly view: ChallengeView | KbaView;
}

/** Present for an enrolled name only. `contact` is encrypted, see `encryptEnrolled`. */
export interface Enrolment {
  readonly userId: string;
  readonly contact: Uint8Array;
  readonly enabled: boolean;
}

export interface SecurityQuestions {
  /** The enrolled questions with the hashes of their answers, encrypted; see `encryptQuestions`. */
  readonly ciphertext: Uint8Array;
  /** Those that are asked until somebody answers them; the ciphertext is bound to them. */
  readonly asked: readonly string[];
}

export interface UserRecord extends AttemptBudget {
  readonly locator: string;
  /** Counts the writes that decided on the whole record; 0 when there is none yet. */
  readonly revision: number;
  /** Names the last such write, so that a writer whose reply was lost knows its own. */
  readonly writer?: string;
  /** The highest version of a key that anything in the record was made with. */
  readonly newestKey: number;
  readonly enrolment?: Enrolment;
  /** Consecutive failures of each authenticator at each client, as far as reconciled; see `rowOf`. */
  readonly failuresByAuthenticator: Readonly<Record<string, number>>;
  readonly challenges: Readonly<Record<string, OtpChallenge>>;
  readonly kbaChallenges: Readonly<Record<string, KbaChallenge>>;
  /** When wrong answers were given, epoch milliseconds, newest first: questions have a budget of their own. */
  readonly kbaTries: readonly number[];
  /** The same of anonymous doors. */
  readonly anonymousKbaTries: readonly number[];
  readonly securityQuestions?: SecurityQuestions | undefined;
  /** Attempts at backup codes, which no challenge bounds. */
  readonly codeAttempts: RecordedAttempts;
  readonly codeBatches: Readonly<Partial<Record<CodeKind, CodeBatch>>>;
  /** Requests that generated codes in the last ten minutes; they outlive a batch that is replaced or revoked. */
  readonly generations: readonly { readonly request: string; readonly at: number }[];
  readonly uses: readonly CodeUse[];
  /** Requests that unlocked the user in the last ten minutes. */
  readonly unlocks: readonly { readonly request: string; readonly at: number }[];
  readonly helpDesk: HelpDeskState;
  /** Superseded challenges whose requests may still be replayed. */
  readonly past: readonly OtpChallenge[];
  readonly pastKba: readonly KbaChallenge[];
  readonly replies: Readonly<Record<string, Reply>>;
  /** Notices on their way, by id. */
  readonly notices: Readonly<Record<string, Notice>>;
  /** Messages with codes that were asked for within a day, over all destinations and clients; newest first. */
  readonly sent: readonly SentMessage[];
  /** When the person was last told that the day's messages are used up; epoch milliseconds. */
  readonly toldOfMessagesAt?: number | undefined;
}

export function blankRecord(locator: string): UserRecord {
  return {
    locator,
    revision: 0,
    newestKey: 0,
    failedAttempts: [],
    anonymousFailedAttempts: [],
    consecutiveFailures: 0,
    anonymousConsecutiveFailures: 0,
    failuresByAuthenticator: {},
    challenges: {},
    kbaChallenges: {},
    kbaTries: [],
    anonymousKbaTries: [],
    codeAttempts: { requests: [], attempts: [], reconciledUpTo: 0 },
    codeBatches: {},
    generations: [],
    uses: [],
    unlocks: [],
    helpDesk: blankHelpDesk,
    past: [],
    pastKba: [],
    replies: {},
    notices: {},
    sent: [],
  };
}
