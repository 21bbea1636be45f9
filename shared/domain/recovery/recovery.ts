/** Recoveries: what one is, who may see it, and the ports that it needs. */
import type { Clock, PollUntil } from '../clock.ts';
import type { Policy } from '../policy/policy.ts';
import type { RecoveryPath } from '../policy/recovery-paths.ts';
import type { Language } from '../text/language.ts';

/** Why a recovery failed: on purpose, by a path that the workflow does not have, or by any fault. */
export type RecoveryFailure = (typeof failures)[number] | 'fault';
const failures = ['AttemptsExhausted', 'Refused', 'UnknownPath'] as const;

/** @param error as the workflow names it: of a fault, whatever the function or the service called it */
export function failureOf(error: string): RecoveryFailure {
  return failures.find((known) => known === error) ?? 'fault';
}

export type RecoveryStatus = 'pending' | 'succeeded' | 'failed' | 'timed-out';

/** What the person is asked now. The token resumes the workflow and is the table's and the workflow's alone. */
export type RecoveryStep =
  | { readonly type: 'choose'; readonly token: string }
  | {
      readonly type: 'kba';
      readonly token: string;
      readonly challengeId: string;
      readonly questions: readonly { readonly questionId: string; readonly text: string }[];
      readonly expiresAt: number;
    }
  | { readonly type: 'otp'; readonly token: string; readonly challengeId: string }
  | { readonly type: 'backup-code'; readonly token: string };

/** All times are epoch milliseconds. */
export interface Recovery {
  readonly id: string;
  readonly client: string;
  /** The key of the person's record, or of nobody's. */
  readonly person: string;
  /** As the client gave it; a decoy's masks are made of it. */
  readonly userId: string;
  /** Whom it succeeded for, as enrolled then, so that a repeated assertion has the same subject. */
  readonly subject?: string | undefined;
  /** The language that the client asked for. */
  readonly locale?: Language | undefined;
  /** What the policy offered when it started. */
  readonly paths: readonly RecoveryPath[];
  readonly path?: RecoveryPath | undefined;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly status: RecoveryStatus;
  readonly endedAt?: number;
  readonly step?: RecoveryStep | undefined;
  /** How many steps were opened so far; none at first. */
  readonly steps?: number | undefined;
  /** Challenges of the steps that are over. They tell a replay from an answer that comes too late. */
  readonly answered?: readonly string[];
  /** Digest of the body that started it: tells a replay from another request. */
  readonly body: string;
  readonly revision: number;
  /** Names every write, so that a writer whose reply was lost knows its own. They are few. */
  readonly writers?: readonly string[];
  /** Over what an assertion follows from; see `authenticRecovery`. */
  readonly mac: string;
}

export interface RecoveryStore {
  /** Strongly consistent. */
  read(id: string): Promise<Recovery | undefined>;
  /** One wins of several that create the same. */
  create(recovery: Recovery): Promise<boolean>;
  /** Writes when nothing was written since `before` was read. */
  write(before: Recovery, after: Recovery): Promise<boolean>;
}

export interface Workflow {
  /** Starting the same recovery twice starts it once. */
  start(recoveryId: string, path: RecoveryPath | ''): Promise<void>;
  /** `closed` where the step is over: answered before, timed out, or ended with the workflow. */
  succeed(token: string, output: object): Promise<'resumed' | 'closed'>;
  fail(token: string, error: 'AttemptsExhausted' | 'Refused'): Promise<'resumed' | 'closed'>;
}

export interface RecoveryPorts {
  readonly recoveries: RecoveryStore;
  readonly workflow: Workflow;
  readonly pollUntil: PollUntil;
  readonly clock: Clock;
  readonly policy: Policy;
}

/** 24 bytes of base64url. No other text can be one, and a long one is no key that a table takes. */
export function isRecoveryId(text: string): boolean {
  return /^[\w-]{32}$/.test(text);
}

/** A recovery as its client sees it; `undefined` for one that is unknown or another client's. */
export async function readRecovery(
  id: string,
  client: string,
  { recoveries, clock }: Pick<RecoveryPorts, 'recoveries' | 'clock'>,
): Promise<Recovery | undefined> {
  const found = isRecoveryId(id) ? await recoveries.read(id) : undefined;
  if (found === undefined || found.client !== client) return undefined;
  return withTime(found, clock.now());
}

/** Time ends a recovery even when no workflow is left to write so. */
export function withTime(recovery: Recovery, now: number): Recovery {
  if (recovery.status !== 'pending' || recovery.expiresAt > now) return recovery;
  return { ...recovery, status: 'timed-out', step: undefined };
}
