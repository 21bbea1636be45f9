/** A user's backup codes: generated in batches of a kind, each of which works once. */
import { randomBytes } from 'node:crypto';
import { newBackupCode, readBackupCode } from './backup-code.ts';
import { sameDigest } from './code.ts';
import { type Keyring, keyed } from './keyring.ts';
import { lockOf } from './lockout.ts';
import { announce, withNotices } from './notices.ts';
import type { Policy } from './policy.ts';
import {
  type Clock,
  type NoticeQueue,
  type SendCounters,
  type Spend,
  Unavailable,
  type UserStore,
} from './ports.ts';
import { matchesSlowHash, noHash, slowHash } from './slow-hash.ts';
import { type Decision, updateUser } from './update-user.ts';
import { foldUserId, locatorOf } from './user-id.ts';
import {
  blankRecord,
  type CodeBatch,
  type CodeKind,
  forgive,
  settle,
  type UserRecord,
} from './user-record.ts';
import { refusalOf } from './verify-otp.ts';

export interface BackupCodePorts {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

export interface GeneratePorts extends BackupCodePorts {
  readonly counters: SendCounters;
}

export interface GenerateRequest {
  readonly userId: string;
  readonly kind: CodeKind;
  readonly count?: number | undefined;
  readonly expiresInSeconds?: number | undefined;
  readonly client: string;
  /** Who asks, as the help desk's own system knows them. */
  readonly operator?: string | undefined;
  readonly request: string;
}

export type GenerateOutcome =
  | { readonly kind: 'generated'; readonly codes: readonly string[]; readonly expiresAt?: number }
  | { readonly kind: 'not-found' | 'conflict' | 'not-offered' | 'own-account' }
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

// An operator with a stolen session is slowed down long before it has been through an organisation.
const generationWindows = [{ sends: 30, milliseconds: 3_600_000 }];

/**
 * Makes a batch, shown this once. It ends the old one of its kind in the same write. Three DynamoDB requests:
 * the operator is counted, the record is read and written.
 */
export async function generateCodes(
  request: GenerateRequest,
  ports: GeneratePorts,
): Promise<GenerateOutcome> {
  const { policy, keyring, clock, counters, users } = ports;
  const { userId, kind, operator, client } = request;
  if (!offers(policy, kind)) return { kind: 'not-offered' };
  if (operator !== undefined && foldUserId(operator) === foldUserId(userId)) return { kind: 'own-account' };
  const locator = locatorOf(userId);
  const codes = Array.from(
    { length: request.count ?? (kind === 'static' ? policy.backupCodes.perBatch : 1) },
    newBackupCode,
  );
  const batch = await newBatch(codes, locator, request, ports);
  const who = keyed(
    keyring.key('destination', keyring.first),
    'generate',
    client,
    foldUserId(operator ?? ''),
  );
  const counted = await counters.reserve(
    who.toString('base64url'),
    request.request,
    clock.now(),
    generationWindows,
  );
  if (counted !== 'reserved') return { kind: 'rate-limited', retryAt: counted.retryAt };
  const { outcome, decision } = await updateUser(users, locator, (record) =>
    decideBatch(record, kind, batch, ports),
  );
  await announce(locator, decision?.after, ports);
  return outcome === 'written'
    ? { kind: 'generated', codes, ...(batch.expiresAt === undefined ? {} : { expiresAt: batch.expiresAt }) }
    : { kind: outcome };
}

export function offers({ securityCodes }: Policy, kind: CodeKind): boolean {
  return securityCodes === 'both' || securityCodes === kind;
}

function decideBatch(
  found: UserRecord,
  kind: CodeKind,
  batch: CodeBatch,
  { keyring, clock, policy }: BackupCodePorts,
): Decision<'written' | 'not-found' | 'conflict'> {
  const { enrolment, codeBatches } = found;
  if (enrolment === undefined) return { outcome: 'not-found' };
  // Codes are shown once: whoever repeats the request is told that it was made, and not what it made.
  if (Object.values(codeBatches).some(({ request }) => request === batch.request))
    return { outcome: 'conflict' };
  const record = settle(found, keyring, clock.now(), policy.lockout);
  const notices = withNotices(record, 'codes-generated', [enrolment.contact], clock.now());
  return {
    outcome: 'written',
    after: { ...record, codeBatches: { ...codeBatches, [kind]: batch }, notices },
  };
}

async function newBatch(
  codes: readonly string[],
  locator: string,
  { kind, expiresInSeconds, request }: GenerateRequest,
  { keyring, clock, policy }: BackupCodePorts,
): Promise<CodeBatch> {
  const at = clock.now();
  const salt = randomBytes(16).toString('base64url');
  const key = keyring.current;
  const lifetime =
    kind === 'static' ? undefined : (expiresInSeconds ?? policy.backupCodes.oneTimeLifetimeSeconds);
  const hashed = await Promise.all(
    codes.map(async (shown) => {
      const code = readBackupCode(shown) as string;
      return [
        selectorOf(code, locator, key, keyring),
        await slowHash(code, salt, keyring.key('backup-code', key)),
      ];
    }),
  );
  return {
    id: randomBytes(16).toString('base64url'),
    ...(lifetime === undefined ? {} : { expiresAt: at + lifetime * 1000 }),
    salt,
    key,
    codes: Object.fromEntries(hashed) as Record<string, string>,
    used: {},
    request,
    at,
  };
}

/** Finds the one hash that a code is compared with: 32 bits that without the key say nothing of the other 80. */
function selectorOf(code: string, locator: string, key: number, keyring: Keyring): string {
  return keyed(keyring.key('backup-code', key), 'selector', locator, code)
    .subarray(0, 4)
    .toString('base64url');
}

export interface UseRequest {
  readonly locator: string;
  /** In the form of `readBackupCode`. */
  readonly code: string;
  readonly request: string;
}

export interface UsedCode {
  readonly kind: 'verified';
  /** What was verified. */
  readonly id: string;
  readonly userId: string;
  readonly user: string;
  readonly codeKind: CodeKind;
  readonly remaining: number;
  readonly at: number;
}

export type UseOutcome =
  | UsedCode
  | { readonly kind: 'code-rejected'; readonly attemptsRemaining: number }
  | { readonly kind: 'attempts-exhausted'; readonly retryAt?: number }
  | { readonly kind: 'conflict' | 'fallback-disabled' };

const mostRounds = 4; // of spending again after a race made the user look locked

/**
 * Uses a code up. The attempt is spent before anything is compared, and the write that marks the code as used
 * decides between requests that race. Two DynamoDB requests for a wrong code, three for a right one, and three
 * where the attempt could not be spent.
 */
export async function useCode(request: UseRequest, ports: BackupCodePorts): Promise<UseOutcome> {
  const { users, policy, keyring, clock } = ports;
  if (policy.securityCodes === 'none' || policy.mode === 'DirectFidoAuth')
    return { kind: 'fallback-disabled' };
  const { locator, code } = request;
  const now = clock.now();
  const guess = { digest: digestOf(code, locator, keyring.current, keyring), key: keyring.current, at: now };
  const spend: Spend = { on: { kind: 'codeAttempts' }, request: request.request, guess };
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await users.read(locator);
    if (found?.codeAttempts.requests.includes(request.request)) return judge(found, request, ports);
    // A name without a record gets one that looks as if it had always been there, attempt and all.
    const blank = blankRecord(locator);
    const first = withAttempt(blank, spend);
    const spent = found
      ? await users.spend(locator, spend)
      : (await users.write(blank, first))
        ? first
        : undefined;
    if (spent) return judge(spent, request, ports);
    const latest = (await users.read(locator)) ?? blank;
    const settled = settle(latest, keyring, now, policy.lockout);
    const refusal = refusalOf(lockOf(settled, now, policy.lockout));
    if (refusal) return refusal;
    if (latest.revision > 0) await users.write(latest, settled);
  }
  throw new Unavailable('the user record, written by many at once,');
}

function withAttempt(blank: UserRecord, { request, guess }: Spend): UserRecord {
  const codeAttempts = { requests: [request], guesses: [guess], settled: 0 };
  return { ...blank, codeAttempts, spent: [guess.at], row: 1 };
}

async function judge(record: UserRecord, request: UseRequest, ports: BackupCodePorts): Promise<UseOutcome> {
  const { users, keyring, clock, policy } = ports;
  const { locator, code } = request;
  const guess = record.codeAttempts.guesses[record.codeAttempts.requests.indexOf(request.request)];
  if (guess === undefined || !sameDigest(guess.digest, digestOf(code, locator, guess.key, keyring))) {
    return { kind: 'conflict' };
  }
  const match = await matchingCode(record, code, keyring, policy);
  const rejected = () => {
    const settled = settle(record, keyring, clock.now(), policy.lockout);
    return { kind: 'code-rejected', attemptsRemaining: beforeWait(settled, clock.now(), policy) } as const;
  };
  if (match === undefined || record.enrolment?.enabled !== true) return rejected();
  const { outcome, decision } = await updateUser(
    users,
    locator,
    (latest) => decideUse(latest, match, request.request, guess.at, ports),
    // What `withAttempt` made has been written since.
    record.revision === 0 ? {} : { from: record },
  );
  await announce(locator, decision?.after, ports);
  return outcome ?? rejected();
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
  const right = await matchesSlowHash(code, salt, keyring.key('backup-code', key), candidate?.hash ?? noHash);
  return right && candidate ? { ...candidate, batch: candidate.batch.id } : undefined;
}

function decideUse(
  found: UserRecord,
  { kind, batch: id, selector }: Match,
  request: string,
  at: number,
  { keyring, clock, policy }: BackupCodePorts,
): Decision<UsedCode | undefined> {
  const now = clock.now();
  const batch = found.codeBatches[kind];
  const { enrolment } = found;
  if (batch?.id !== id || enrolment === undefined || (batch.expiresAt ?? Number.POSITIVE_INFINITY) <= now) {
    return { outcome: undefined };
  }
  const usedBy = batch.used[selector];
  if (usedBy !== undefined && usedBy !== request) return { outcome: undefined };
  const used = { ...batch.used, [selector]: request };
  const remaining = Object.keys(batch.codes).length - Object.keys(used).length;
  const outcome: UsedCode = {
    kind: 'verified',
    id: `${batch.id}.${selector}`,
    userId: enrolment.userId,
    user: found.locator,
    codeKind: kind,
    remaining,
    at,
  };
  if (usedBy === request) return { outcome };
  const settled = forgive(settle(found, keyring, now, policy.lockout), at, 'backup-code');
  const told = withNotices(settled, 'code-used', [enrolment.contact], now);
  const warned =
    remaining === 2
      ? withNotices({ ...settled, notices: told }, 'codes-running-low', [enrolment.contact], now)
      : told;
  return {
    outcome,
    after: {
      ...settled,
      codeBatches: { ...settled.codeBatches, [kind]: { ...batch, used } },
      notices: warned,
    },
  };
}

export interface CodeCount {
  readonly total: number;
  readonly remaining: number;
  readonly expiresAt?: number;
}

/** How many codes of each kind there are, and never a code. `undefined` for a user who is not enrolled. */
export async function countCodes(userId: string, { users, clock }: BackupCodePorts) {
  const record = await users.read(locatorOf(userId));
  if (record?.enrolment === undefined) return undefined;
  return { static: countOf(record.codeBatches.static), 'one-time': countOf(record.codeBatches['one-time']) };

  function countOf(batch: CodeBatch | undefined): CodeCount {
    if (batch === undefined) return { total: 0, remaining: 0 };
    const expired = (batch.expiresAt ?? Number.POSITIVE_INFINITY) <= clock.now();
    const total = Object.keys(batch.codes).length;
    const remaining = expired ? 0 : total - Object.keys(batch.used).length;
    return { total, remaining, ...(batch.expiresAt === undefined ? {} : { expiresAt: batch.expiresAt }) };
  }
}

export async function revokeCodes(
  userId: string,
  { users }: BackupCodePorts,
): Promise<'revoked' | 'not-found'> {
  const { outcome } = await updateUser(
    users,
    locatorOf(userId),
    (record): Decision<'revoked' | 'not-found'> =>
      record.enrolment === undefined
        ? { outcome: 'not-found' }
        : { outcome: 'revoked', after: { ...record, codeBatches: {} } },
  );
  return outcome;
}

function beforeWait({ spent }: UserRecord, now: number, { lockout }: Policy): number {
  const inWindow = spent.filter((at) => at > now - lockout.windowSeconds * 1000).length;
  return Math.max(0, lockout.attemptsBeforeWait - inWindow);
}

function digestOf(code: string, locator: string, key: number, keyring: Keyring): string {
  return keyed(keyring.key('guess', key), 'backup-code', locator, code).subarray(0, 16).toString('base64url');
}
