/** Recoveries: what one is, who may see it, and which answers move it on. The order of steps is the workflow's. */
import { createHash, randomBytes } from 'node:crypto';
import { type Idempotency, rememberedFor } from './idempotency.ts';
import type { Policy } from './policy.ts';
import { type Clock, Unavailable } from './ports.ts';
import { type RecoveryPath, recoveryPaths } from './recovery-paths.ts';
import { locatorOf } from './user-id.ts';

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
  readonly clock: Clock;
  readonly policy: Policy;
}

/** Milliseconds from the start, whatever happens. */
export const recoveryLifetime = 900_000;

export interface StartRecovery {
  readonly userId: string;
  readonly client: string;
  readonly path?: RecoveryPath | undefined;
  readonly idempotency?: Idempotency | undefined;
}

export type StartRecoveryOutcome =
  | { readonly kind: 'recovery'; readonly recovery: Recovery }
  | { readonly kind: 'fallback-disabled' | 'conflict' };

/**
 * Starts a recovery. Under one `Idempotency-Key` there is one: its id is made from the key, so that whoever
 * repeats the request finds it, and the workflow's execution bears its name.
 */
export async function startRecovery(
  request: StartRecovery,
  ports: RecoveryPorts,
): Promise<StartRecoveryOutcome> {
  const { recoveries, workflow, clock, policy } = ports;
  const paths = recoveryPaths(policy);
  const { userId, client, idempotency } = request;
  if (paths.length === 0 || (request.path !== undefined && !paths.includes(request.path))) {
    return { kind: 'fallback-disabled' };
  }
  const now = clock.now();
  const span = Math.floor(now / rememberedFor);
  // A key is remembered for ten minutes, which may have begun in the span of time before this one.
  const earlier = idempotency && (await recoveries.read(idFrom(idempotency, userId, span - 1)));
  const repeated = earlier && earlier.startedAt > now - rememberedFor ? earlier : undefined;
  const id = idempotency ? idFrom(idempotency, userId, span) : randomBytes(24).toString('base64url');
  const path = request.path ?? (paths.length === 1 ? paths[0] : undefined);
  const recovery: Recovery = {
    id,
    client,
    userId,
    paths,
    path,
    startedAt: now,
    expiresAt: now + recoveryLifetime,
    status: 'pending',
    body: idempotency?.body ?? '',
    revision: 1,
  };
  const created = repeated === undefined && (await recoveries.create(recovery));
  const found = repeated ?? (created ? recovery : await recoveries.read(id));
  if (found === undefined) throw new Unavailable('the table');
  if (found.body !== recovery.body) return { kind: 'conflict' };
  // Also for one that was there: the start may have failed after it was written.
  if (found.step === undefined && found.status === 'pending')
    await workflow.start(found.id, found.path ?? '');
  return { kind: 'recovery', recovery: found };
}

/** 192 bits of the key's digest: as long as a random id, and as hard to guess as the key the client chose. */
function idFrom({ key }: Idempotency, userId: string, span: number): string {
  return createHash('sha256')
    .update(`recovery\0${locatorOf(userId)}\0${key}\0${span}`)
    .digest()
    .subarray(0, 24)
    .toString('base64url');
}

/** A recovery as its client sees it; `undefined` for one that is unknown or another client's. */
export async function readRecovery(
  id: string,
  client: string,
  { recoveries, clock }: Pick<RecoveryPorts, 'recoveries' | 'clock'>,
): Promise<Recovery | undefined> {
  const found = await recoveries.read(id);
  if (found === undefined || found.client !== client) return undefined;
  return withTime(found, clock.now());
}

/** Time ends a recovery even where no workflow is left to say so. */
function withTime(recovery: Recovery, now: number): Recovery {
  if (recovery.status !== 'pending' || recovery.expiresAt > now) return recovery;
  return { ...recovery, status: 'timed-out', step: undefined };
}

export type ChooseOutcome =
  | { readonly kind: 'chosen'; readonly recovery: Recovery }
  | { readonly kind: 'challenge-closed' | 'fallback-disabled' };

/** Answers a `choose` step. The write of the path decides between answers that race; the same answer may be repeated. */
export async function choosePath(
  id: string,
  client: string,
  path: RecoveryPath,
  ports: RecoveryPorts,
): Promise<ChooseOutcome> {
  const found = await readRecovery(id, client, ports);
  // The same answer again: its first one has moved the workflow on, and where that stands now is the answer.
  if (found?.path === path && found.step?.type !== 'choose') return { kind: 'chosen', recovery: found };
  if (found?.step?.type !== 'choose') return { kind: 'challenge-closed' };
  if (!found.paths.includes(path)) return { kind: 'fallback-disabled' };
  const { token } = found.step;
  const chosen = { ...found, path, revision: found.revision + 1 };
  const repeated = found.path === path;
  if (!repeated && (found.path !== undefined || !(await ports.recoveries.write(found, chosen)))) {
    return { kind: 'challenge-closed' };
  }
  const resumed = await ports.workflow.succeed(token, { path });
  return resumed === 'resumed'
    ? { kind: 'chosen', recovery: repeated ? found : chosen }
    : { kind: 'challenge-closed' };
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
  for (let tries = 0; tries < patience.tries; tries += 1) {
    const found = await ports.recoveries.read(id);
    const recovery = found && withTime(found, ports.clock.now());
    if (recovery && hasAnswered(recovery, challengeId)) return 'resumed';
    if (recovery?.step === undefined || !isAnswerTo(recovery.step, challengeId)) return 'challenge-closed';
    if ((await ports.workflow.succeed(recovery.step.token, {})) === 'resumed') return 'resumed';
    // Answered already: what follows, which tells by whom, is being written.
    await new Promise((resolve) => setTimeout(resolve, patience.milliseconds));
  }
  return 'challenge-closed';
}

const patience = { tries: 20, milliseconds: 40 } as const;

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
): Promise<void> {
  const recovery = await ports.recoveries.read(id);
  const step = recovery?.step;
  if (step === undefined) return;
  if (isAnswerTo(step, challengeId)) await ports.workflow.fail(step.token, 'AttemptsExhausted');
}

const mostRounds = 6; // of reading again after losing a race

/** The workflow's own writes: a step that is open, or the end. A recovery that has ended stays as it ended. */
export async function advanceRecovery(
  id: string,
  change: Pick<Recovery, 'step'> & { readonly path?: RecoveryPath; readonly status?: RecoveryStatus },
  { recoveries, clock }: Pick<RecoveryPorts, 'recoveries' | 'clock'>,
): Promise<Recovery | undefined> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await recoveries.read(id);
    if (found === undefined || found.status !== 'pending') return found;
    const ended = change.status === undefined ? {} : { status: change.status, endedAt: clock.now() };
    const late = change.status === 'succeeded' && found.expiresAt <= clock.now();
    const over = found.step && challengeOf(found.step);
    // A step of the same type is the same step, which a fault made the workflow open again.
    const isAnswered =
      over !== undefined &&
      (change.status === undefined ? change.step?.type !== found.step?.type : change.status === 'succeeded');
    const after: Recovery = {
      ...found,
      ...change,
      ...ended,
      ...(late ? { status: 'timed-out' as const } : {}),
      ...(isAnswered && !late ? { answered: [...(found.answered ?? []), over] } : {}),
      revision: found.revision + 1,
    };
    if (await recoveries.write(found, after)) return after;
  }
  throw new Unavailable('the recovery, written by many at once,');
}
