/** Making a user’s backup codes, in batches of a kind, and taking back those that nobody was shown. */
import { randomBytes } from 'node:crypto';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { enqueueNotices, withNotices } from '../contact/notices.ts';
import { argon2idHash } from '../crypto/argon2id.ts';
import { hmac128 } from '../crypto/keyring.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import { foldUserId } from '../identifiers/user-id.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { answersTo, type Person } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Policy } from '../policy/policy.ts';
import type { CodeBatch, CodeKind } from '../user-record/code-batch.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { newBackupCode, readBackupCode } from './backup-code.ts';
import { type CodeAudit, encryptGeneration } from './code-audit.ts';
import { type BackupCodePorts, batchHashInput, offers, selectorOf } from './code-selector.ts';

export interface GeneratePorts extends BackupCodePorts {
  readonly limiter: RateLimiter;
  readonly audit: CodeAudit;
}

interface GenerateRequest {
  readonly person: Person;
  readonly kind: CodeKind;
  readonly count?: number | undefined;
  readonly expiresInSeconds?: number | undefined;
  readonly client: string;
  /** Who asks: a claim of the token, or as the help desk's own system knows them. */
  readonly operator: string;
  /** Why, in the help desk's own words, and the ticket that it works on; kept encrypted. */
  readonly reason: string;
  readonly ticket?: string | undefined;
  readonly request: string;
}

export type GenerateOutcome =
  | {
      readonly kind: 'generated';
      readonly batch: string;
      readonly codes: readonly string[];
      readonly expiresAt?: number;
    }
  | { readonly kind: 'not-found' | 'conflict' | 'not-offered' | 'own-account' | 'fallback-disabled' }
  /** The request asks for more than policy allows. */
  | { readonly kind: 'above-policy'; readonly field: 'count' | 'expiresInSeconds'; readonly most: number }
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

// Bounds what a stolen help-desk session can do in an hour; the limit per client covers one that invents operators.
const hour = 3_600_000;
const ofOperator = [{ limit: 30, milliseconds: hour }];
const ofClient = [{ limit: 300, milliseconds: hour }];

/**
 * Makes a batch, shown this once. It ends the old one of its kind in the same write. Four DynamoDB requests for a
 * person who was found: the operator and the client are counted, who asks and why is written down, and the record is written.
 * The audit comes before the record, so that for every code that works it is known who had it made. A fault between
 * the two leaves an entry about a batch that does not exist.
 */
export async function generateCodes(
  request: GenerateRequest,
  ports: GeneratePorts,
): Promise<GenerateOutcome> {
  const { policy, keyring, clock, limiter, users } = ports;
  const { person, kind, operator, client } = request;
  const { key: locator, record: found } = person;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  if (!offers(policy, kind)) return { kind: 'not-offered' };
  if (answersTo(found, operator, ports)) return { kind: 'own-account' };
  const excess = abovePolicy(request, policy);
  if (excess) return excess;
  // Before anything is counted: people who do not exist use up nothing of others.
  if (found.enrolment === undefined) return { kind: 'not-found' };
  const codes = Array.from(
    { length: request.count ?? (kind === 'static' ? policy.backupCodes.perBatch : 1) },
    newBackupCode,
  );
  // The operator first: what one is refused takes nothing from the others.
  for (const [windows, ...who] of [
    [ofOperator, client, foldUserId(operator)],
    [ofClient, client],
  ] as const) {
    const counter = hmac128(keyring.key('destination', keyring.first), 'generate', ...who);
    const counted = await limiter.reserve(counter, request.request, clock.now(), windows);
    if (counted !== 'reserved') return { kind: 'rate-limited', retryAt: counted.retryAt };
  }
  const batch = await newBatch(codes, locator, request, ports);
  let before: UserRecord | undefined;
  const decide = (found: UserRecord) => {
    before = found;
    return decideBatch(found, kind, batch, request.request, ports);
  };
  const { outcome, record } = await updateUser(users, locator, decide, {
    from: found,
    audit: auditOnce(batch, request, locator, ports),
  });
  try {
    await enqueueNotices(locator, record, ports);
  } catch (error) {
    if (outcome === 'written') await takeBack(locator, request, batch, before, ports).catch(() => undefined);
    throw error; // the caller is told of the first fault
  }
  return outcome === 'written'
    ? {
        kind: 'generated',
        batch: batch.id,
        codes,
        ...(batch.expiresAt === undefined ? {} : { expiresAt: batch.expiresAt }),
      }
    : { kind: outcome };
}

function abovePolicy(
  { count = 0, expiresInSeconds = 0 }: GenerateRequest,
  { backupCodes }: Policy,
): GenerateOutcome | undefined {
  const { perBatch, oneTimeLifetimeSeconds } = backupCodes;
  if (count > perBatch) return { kind: 'above-policy', field: 'count', most: perBatch };
  return expiresInSeconds > oneTimeLifetimeSeconds
    ? { kind: 'above-policy', field: 'expiresInSeconds', most: oneTimeLifetimeSeconds }
    : undefined;
}

/** Ahead of the first write that is tried. */
function auditOnce(
  { id, codes, at }: CodeBatch,
  { kind, client, operator, reason, ticket }: GenerateRequest,
  locator: string,
  { audit, keyring }: GeneratePorts,
) {
  let isAudited = false;
  return async (): Promise<void> => {
    if (isAudited) return;
    const count = Object.keys(codes).length;
    const generation = { batch: id, kind, count, client, operator, reason, ticket, at };
    await audit.add(locator, encryptGeneration(generation, locator, keyring));
    isAudited = true;
  };
}

function decideBatch(
  found: UserRecord,
  kind: CodeKind,
  batch: CodeBatch,
  request: string,
  { keyring, clock, policy }: BackupCodePorts,
): Decision<'written' | 'not-found' | 'conflict'> {
  const { enrolment, codeBatches } = found;
  if (enrolment === undefined) return { outcome: 'not-found' };
  // Codes are shown once: a repeated request learns that they were made, and not what they are.
  const now = clock.now();
  const recent = found.generations.filter(({ at }) => at > now - requestRememberedMilliseconds);
  if (recent.some((earlier) => earlier.request === request)) return { outcome: 'conflict' };
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  // Under the batch's id, so that the notice can go with the batch.
  const notices = withNotices(record, 'codes-generated', [enrolment.contact], now, () => batch.id);
  const generations = [...recent, { request, at: now }];
  return {
    outcome: 'written',
    after: { ...record, codeBatches: { ...codeBatches, [kind]: batch }, generations, notices },
  };
}

/** Takes back codes that nobody was shown, so that the same request can make them. */
async function takeBack(
  locator: string,
  { kind, request }: GenerateRequest,
  batch: CodeBatch,
  before: UserRecord | undefined,
  { users }: BackupCodePorts,
): Promise<void> {
  await updateUser(users, locator, (record): Decision<void> => {
    if (record.codeBatches[kind]?.id !== batch.id || before === undefined) return { outcome: undefined };
    const { [kind]: _, ...others } = record.codeBatches;
    const previous = before.codeBatches[kind];
    const codeBatches = previous === undefined ? others : { ...others, [kind]: previous };
    const { [batch.id]: _notice, ...notices } = record.notices;
    const generations = record.generations.filter((earlier) => earlier.request !== request);
    return { outcome: undefined, after: { ...record, codeBatches, notices, generations } };
  });
}

async function newBatch(
  codes: readonly string[],
  locator: string,
  { kind, expiresInSeconds }: GenerateRequest,
  { keyring, clock, policy }: BackupCodePorts,
): Promise<CodeBatch> {
  const at = clock.now();
  const salt = randomBytes(16).toString('base64url');
  const key = keyring.current;
  const { oneTimeLifetimeSeconds } = policy.backupCodes;
  const lifetimeSeconds = kind === 'static' ? undefined : (expiresInSeconds ?? oneTimeLifetimeSeconds);
  const batch = {
    id: randomBytes(16).toString('base64url'),
    ...(lifetimeSeconds === undefined ? {} : { expiresAt: at + lifetimeSeconds * 1000 }),
    salt,
    key,
  };
  const input = batchHashInput(batch, kind, locator, keyring);
  const hashed = await Promise.all(
    codes.map(async (shown) => {
      const code = readBackupCode(shown) as string;
      return [selectorOf(code, locator, key, keyring), await argon2idHash(code, input)];
    }),
  );
  return { ...batch, codes: Object.fromEntries(hashed) as Record<string, string>, used: {}, at };
}
