/** Recoveries: what one is, who may see it, and which answers move it on. The order of steps is the workflow's. */
import type { Superseded } from './challenge.ts';
import { type ChallengeKind, readChallengeId } from './challenge-id.ts';
import { unrepeatable } from './idempotency.ts';
import type { Policy } from './policy.ts';
import { type Clock, type Eventually, Unavailable } from './ports.ts';
import type { RecoveryPath } from './recovery-paths.ts';

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
  /** As the client gave it; a decoy's masks are made of it. */
  readonly userId: string;
  /** Whom it succeeded for, as enrolled then: every repetition of the assertion names them alike. */
  readonly subject?: string | undefined;
  /** The language that the client asked for. */
  readonly locale?: string | undefined;
  /** What the policy offered when it started. */
  readonly paths: readonly RecoveryPath[];
  readonly path?: RecoveryPath | undefined;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly status: RecoveryStatus;
  readonly endedAt?: number;
  readonly step?: RecoveryStep | undefined;
  /** Challenges of the steps that are over, for telling a replay from an answer that comes too late. */
  readonly answered?: readonly string[];
  /** Of the body that started it, for telling a replay from another request. */
  readonly body: string;
  readonly revision: number;
  /** Names every write since the first, so that a writer whose reply was lost knows its own; they are few. */
  readonly writers?: readonly string[];
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
  readonly eventually: Eventually;
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

/** Time ends a recovery even where no workflow is left to say so. */
export function withTime(recovery: Recovery, now: number): Recovery {
  if (recovery.status !== 'pending' || recovery.expiresAt > now) return recovery;
  return { ...recovery, status: 'timed-out', step: undefined };
}

/**
 * The recovery as this write left it, or as later ones did where its own reply was lost; `undefined` when another
 * write came between.
 */
export async function writeOnce(
  before: Recovery,
  change: Partial<Recovery>,
  recoveries: RecoveryStore,
): Promise<Recovery | undefined> {
  const writer = unrepeatable();
  const writers = [...(before.writers ?? []), writer];
  const after = { ...before, ...change, writers, revision: before.revision + 1 };
  if (await recoveries.write(before, after)) return after;
  const found = await recoveries.read(before.id);
  return found?.writers?.includes(writer) ? found : undefined;
}

/**
 * Resumes the workflow after a step was verified. `challengeId` must be that of the step that is open: a
 * challenge of another recovery, or of a step that is over, moves nothing. One that did resume it before is a
 * replay, and answered alike.
 */
export async function resumeRecovery(
  id: string,
  challengeId: string | undefined,
  ports: RecoveryPorts,
): Promise<'resumed' | 'challenge-closed'> {
  // `closed` means that somebody answered the step, perhaps this very request. Which challenge it was is in the
  // workflow's next write, so look again until that is there.
  const outcome = await ports.eventually(async () => {
    const found = await ports.recoveries.read(id);
    const recovery = found && withTime(found, ports.clock.now());
    if (recovery && hasAnswered(recovery, challengeId)) return 'resumed';
    if (recovery?.step === undefined || !isAnswerTo(recovery.step, challengeId)) return 'challenge-closed';
    return (await ports.workflow.succeed(recovery.step.token, {})) === 'resumed' ? 'resumed' : undefined;
  });
  // 800 ms later the workflow has still not written what followed, so whose answer it took cannot be told: a 503, and
  // the caller asks again.
  if (outcome === undefined) throw new Unavailable('moving-workflow');
  return outcome;
}

/** A step without a challenge is the only one of its path. */
function hasAnswered({ answered = [], path, status }: Recovery, challengeId: string | undefined): boolean {
  if (challengeId === undefined) return path === 'backup-code' && status === 'succeeded';
  return answered.includes(challengeId);
}

/** A backup code answers no challenge, and is no answer to a choice. */
function isAnswerTo(step: RecoveryStep, challengeId: string | undefined): boolean {
  return challengeId === undefined ? step.type === 'backup-code' : challengeOf(step) === challengeId;
}

function challengeOf(step: RecoveryStep): string | undefined {
  return step.type === 'kba' || step.type === 'otp' ? step.challengeId : undefined;
}

/** Ends a recovery whose step can no longer be answered. */
export async function giveUpRecovery(
  id: string,
  challengeId: string | undefined,
  ports: RecoveryPorts,
  error: 'AttemptsExhausted' | 'Refused' = 'AttemptsExhausted',
): Promise<void> {
  const recovery = await ports.recoveries.read(id);
  const step = recovery?.step;
  if (step === undefined) return;
  if (isAnswerTo(step, challengeId)) await ports.workflow.fail(step.token, error);
}

/** Ends the recovery whose challenge another one's took the place of. Never fails: its step's own time-out is next. */
export async function endSuperseded(superseded: Superseded | undefined, ports: RecoveryPorts): Promise<void> {
  if (superseded === undefined) return;
  const { recovery, challengeId } = superseded;
  await giveUpRecovery(recovery, challengeId, ports, 'Refused').catch(() => undefined);
}

const mostRounds = 6; // of reading again after losing a race

/** The workflow's own writes: a step that is open, or the end. A recovery that has ended stays as it ended. */
export async function advanceRecovery(
  id: string,
  change: Pick<Recovery, 'step' | 'subject'> & { readonly status?: RecoveryStatus },
  { recoveries, clock }: Pick<RecoveryPorts, 'recoveries' | 'clock'>,
): Promise<Recovery | undefined> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await recoveries.read(id);
    if (found === undefined || found.status !== 'pending') return found;
    if (change.step && isOver(change.step, found)) return found;
    const ended = change.status === undefined ? {} : { status: change.status, endedAt: clock.now() };
    const late = change.status === 'succeeded' && found.expiresAt <= clock.now();
    const over = found.step && challengeOf(found.step);
    // A step of the same type is the same step, which a fault made the workflow open again.
    const isAnswered =
      over !== undefined &&
      (change.status === undefined ? change.step?.type !== found.step?.type : change.status === 'succeeded');
    const answered = isAnswered ? [...(found.answered ?? []), over] : (found.answered ?? []);
    const short = change.status === 'succeeded' && !hasEveryAnswer(found.path, answered);
    const decided = {
      ...change,
      ...ended,
      ...(short ? { status: 'failed' as const } : {}),
      ...(late ? { status: 'timed-out' as const } : {}),
      ...(isAnswered && !late ? { answered } : {}),
    };
    const written = await writeOnce(found, decided, recoveries);
    if (written) return written;
  }
  throw new Unavailable('raced-recovery');
}

/** A task that comes late does not bring back a step that was answered. */
function isOver(step: RecoveryStep, { answered = [] }: Recovery): boolean {
  const challengeId = challengeOf(step);
  return challengeId !== undefined && answered.includes(challengeId);
}

/** What has to be answered on each path, in its order. */
const asked: Readonly<Record<RecoveryPath, readonly ChallengeKind[]>> = {
  kba: ['kba'],
  'otp-alternate-email': ['otp'],
  'kba+otp-alternate-email': ['kba', 'otp'],
  'backup-code': [],
};

/** The order is the workflow's; an execution that somebody started by hand may have left a step out. */
function hasEveryAnswer(path: RecoveryPath | undefined, answered: readonly string[]): boolean {
  if (path === undefined) return false;
  const kinds = answered.map((id) => readChallengeId(id)?.kind);
  return kinds.length === asked[path].length && asked[path].every((kind, place) => kinds[place] === kind);
}
