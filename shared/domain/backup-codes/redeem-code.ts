/** Using a backup code up: each works once, however many requests race. */

import { lockOf, refusalByLock } from '../attempts/lockout.ts';
import { creditSuccess, reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import { matchesArgon2id, noHash } from '../crypto/argon2id.ts';
import { sameDigest } from '../crypto/digest.ts';
import { hmac, type Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import type { Policy } from '../policy/policy.ts';
import type { CodeKind, CodeUse } from '../user-record/code-batch.ts';
import { hasAttempted } from '../user-record/replays.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import { blankRecord, type UserRecord } from '../user-record/user-record.ts';
import type { AttemptRequest } from '../user-record/user-store.ts';
import { type BackupCodePorts, offers, selectorOf } from './code-selector.ts';

interface RedeemRequest {
  readonly locator: string;
  /** In the form of `readBackupCode`. */
  readonly code: string;
  readonly request: string;
  /** The recovery it is for; a key that was used for another purpose is in conflict. */
  readonly recovery?: string | undefined;
  /** Nothing may be used any more: only what this request did before is told again. */
  readonly onlyReplay?: boolean;
}

interface RedeemedCode {
  readonly kind: 'verified';
  /** What was verified. */
  readonly id: string;
  readonly userId: string;
  readonly user: string;
  readonly codeKind: CodeKind;
  readonly remaining: number;
  readonly at: number;
}

export type RedeemOutcome =
  | RedeemedCode
  /** `wasRight`: of a code that another request used, now or earlier. The caller of the API is not told. */
  | { readonly kind: 'code-rejected'; readonly attemptsRemaining: number; readonly wasRight?: true }
  | { readonly kind: 'attempts-exhausted'; readonly retryAt?: number }
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

/** Codes left of a batch when the person is told to ask for new ones; the notice says the number. */
const warnedAt = 2;
const mostRounds = 4; // of spending again after a race made the user look locked

/**
 * Uses a code up. The attempt is spent before anything is compared, and the write that marks the code as used
 * decides between requests that race. Two DynamoDB requests for a wrong code, three for a right one, and three
 * where the attempt could not be spent.
 */
export async function redeemCode(request: RedeemRequest, ports: BackupCodePorts): Promise<RedeemOutcome> {
  const { users, policy, keyring, clock } = ports;
  if (policy.securityCodes === 'none' || policy.mode === 'DirectFidoAuth')
    return { kind: 'fallback-disabled' };
  const { locator } = request;
  const now = clock.now();
  const attempt = { digest: digestOf(request, keyring.current, keyring), key: keyring.current, at: now };
  const attempted: AttemptRequest = {
    on: { kind: 'codeAttempts' },
    request: request.request,
    attempt,
    newestKey: keyring.newest,
  };
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await users.read(locator);
    if (found && hasAttempted(found.codeAttempts, request.request, now))
      return verdictOf(found, request, ports);
    if (request.onlyReplay) return { kind: 'challenge-closed' };
    // A name without a record gets one that looks as if it had always been there, attempt and all.
    const blank = blankRecord(locator);
    const first = withAttempt(blank, attempted);
    const spent = found
      ? await users.recordAttempt(locator, attempted)
      : await users.recordFirstAttempt(first, attempted);
    if (spent) return verdictOf(spent, request, ports);
    const latest = (await users.read(locator)) ?? blank;
    // Spent by its own repetition meanwhile, or by this very write, whose reply was lost.
    if (hasAttempted(latest.codeAttempts, request.request, now)) return verdictOf(latest, request, ports);
    const settled = reconcileAttempts(latest, keyring, now, policy.lockout);
    const refusal = refusalByLock(lockOf(settled, now, policy.lockout));
    if (refusal) return refusal;
    if (latest.revision > 0) await users.write(latest, settled);
  }
  throw new Unavailable('raced-user-record');
}

function withAttempt(blank: UserRecord, { request, attempt }: AttemptRequest): UserRecord {
  const codeAttempts = { requests: [request], attempts: [attempt], reconciledUpTo: 0 };
  return {
    ...blank,
    newestKey: attempt.key,
    codeAttempts,
    failedAttempts: [attempt.at],
    consecutiveFailures: 1,
  };
}

async function verdictOf(
  record: UserRecord,
  request: RedeemRequest,
  ports: BackupCodePorts,
): Promise<RedeemOutcome> {
  const { users, keyring, policy } = ports;
  const { locator, code } = request;
  const attempt = record.codeAttempts.attempts[record.codeAttempts.requests.indexOf(request.request)];
  if (attempt === undefined || !sameDigest(attempt.digest, digestOf(request, attempt.key, keyring))) {
    return { kind: 'conflict' };
  }
  const match = await matchingCode(record, code, keyring, policy);
  // Also when its batch has ended since.
  const earlier = earlierUse(record, request, attempt.at);
  if (earlier) {
    await enqueueNotices(locator, record, ports); // the notice of the first may never have been queued
    return earlier;
  }
  const rejected = () => {
    const settled = reconcileAttempts(record, keyring, attempt.at, policy.lockout);
    return { kind: 'code-rejected', attemptsRemaining: beforeWait(settled, attempt.at, policy) } as const;
  };
  if (match === undefined || record.enrolment?.enabled !== true) return rejected();
  const { outcome, record: latest } = await updateUser(
    users,
    locator,
    (current) => decideRedemption(current, match, request, attempt.at, ports),
    { from: record },
  );
  await enqueueNotices(locator, latest, ports);
  return outcome ?? { ...rejected(), wasRight: true };
}

/** Names a use with its time, since a request's name may come again when it is no longer remembered. */
const useOf = ({ request }: RedeemRequest, at: number): string => `${request}@${at}`;

/** What the request was told, if it used a code before. */
function earlierUse(
  { uses, locator }: UserRecord,
  request: RedeemRequest,
  at: number,
): RedeemedCode | undefined {
  const found = uses.find(({ use }) => use === useOf(request, at));
  return found && usedCode(found, locator);
}

function usedCode({ id, userId, kind, remaining, at }: CodeUse, user: string): RedeemedCode {
  return { kind: 'verified', id, userId, user, codeKind: kind, remaining, at };
}

interface Match {
  readonly kind: CodeKind;
  readonly batch: string;
  readonly selector: string;
}

/** One hash is computed whether or not there is one to compare with. */
async function matchingCode(
  record: UserRecord,
  code: string,
  keyring: Keyring,
  policy: Policy,
): Promise<Match | undefined> {
  const candidates = (['static', 'one-time'] as const).flatMap((kind) => {
    const batch = record.codeBatches[kind];
    if (batch === undefined || !offers(policy, kind)) return [];
    const selector = selectorOf(code, record.locator, batch.key, keyring);
    const hash = batch.codes[selector];
    return hash === undefined ? [] : [{ kind, batch, selector, hash }];
  });
  const [candidate] = candidates;
  const { salt, key } = candidate?.batch ?? { salt: record.locator, key: keyring.current };
  const right = await matchesArgon2id(code, salt, keyring.key('backup-code', key), candidate?.hash ?? noHash);
  return right && candidate ? { ...candidate, batch: candidate.batch.id } : undefined;
}

function decideRedemption(
  found: UserRecord,
  { kind, batch: id, selector }: Match,
  request: RedeemRequest,
  at: number,
  { keyring, clock, policy }: BackupCodePorts,
): Decision<RedeemedCode | undefined> {
  const earlier = earlierUse(found, request, at);
  if (earlier) return { outcome: earlier };
  const now = clock.now();
  const batch = found.codeBatches[kind];
  const { enrolment } = found;
  if (
    batch?.id !== id ||
    enrolment?.enabled !== true ||
    (batch.expiresAt ?? Number.POSITIVE_INFINITY) <= now
  ) {
    return { outcome: undefined };
  }
  const use = useOf(request, at);
  const usedBy = batch.used[selector];
  if (usedBy !== undefined && usedBy !== use) return { outcome: undefined };
  const used = { ...batch.used, [selector]: use };
  const remaining = Object.keys(batch.codes).length - Object.keys(used).length;
  const made: CodeUse = { use, id: `${batch.id}.${selector}`, userId: enrolment.userId, kind, remaining, at };
  // By an instance of the deployment before this one, which keeps no uses.
  if (usedBy === use) return { outcome: usedCode(made, found.locator) };
  const right = found.codeAttempts.attempts.filter(({ digest, key }) =>
    sameDigest(digest, digestOf(request, key, keyring)),
  );
  const times = right.map((attempt) => attempt.at);
  const settled = creditSuccess(reconcileAttempts(found, keyring, now, policy.lockout), times, 'backup-code');
  const told = withNotices(settled, 'code-used', [enrolment.contact], now);
  const warned =
    remaining === warnedAt
      ? withNotices({ ...settled, notices: told }, 'codes-running-low', [enrolment.contact], now)
      : told;
  const recent = found.uses.filter((earlier) => earlier.at > now - requestRememberedMilliseconds);
  return {
    outcome: usedCode(made, found.locator),
    after: {
      ...settled,
      codeBatches: { ...settled.codeBatches, [kind]: { ...batch, used } },
      uses: [...recent, made],
      notices: warned,
    },
  };
}

/** As many as there were right after the guess, so that a repetition is answered alike. */
function beforeWait({ failedAttempts }: UserRecord, at: number, { lockout }: Policy): number {
  const inWindow = failedAttempts.filter(
    (time) => time <= at && time > at - lockout.windowSeconds * 1000,
  ).length;
  return Math.max(0, lockout.attemptsBeforeWait - inWindow);
}

function digestOf({ code, locator, recovery = '' }: RedeemRequest, key: number, keyring: Keyring): string {
  return hmac(keyring.key('guess', key), 'backup-code', locator, recovery, code)
    .subarray(0, 16)
    .toString('base64url');
}
