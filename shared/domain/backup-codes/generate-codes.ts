/** Making a user’s backup codes, in batches of a kind: who may, what is written down, and the one write that decides. */
import { randomBytes } from 'node:crypto';
import { enqueueNotices } from '../contact/notices.ts';
import { countAct } from '../help-desk/act-limits.ts';
import { type ActRefusal, authorizeAct } from '../help-desk/authorize-act.ts';
import { isOwnAccount, knownOperator, type NamedOperator } from '../help-desk/operator.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Policy } from '../policy/policy.ts';
import type { CodeBatch } from '../user-record/code-batch.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { newBackupCode } from './backup-code.ts';
import { encryptGeneration, encryptRefusal } from './code-audit.ts';
import { offers } from './code-selector.ts';
import { decideBatch } from './decide-batch.ts';
import { actOf, type GeneratePorts, type GenerateRequest, type KnownRequest } from './generate-request.ts';
import { newBatch } from './new-batch.ts';
import { takeBack } from './take-back.ts';

export type GenerateOutcome =
  | {
      readonly kind: 'generated';
      readonly batch: string;
      readonly codes: readonly string[];
      /** False where they go to the person, and the operator must not see them. */
      readonly areShown: boolean;
      readonly expiresAt?: number;
    }
  | {
      readonly kind:
        | 'not-found'
        | 'conflict'
        | 'not-offered'
        | 'own-account'
        | 'fallback-disabled'
        | 'no-address';
    }
  /** The request asks for more than policy allows. */
  | { readonly kind: 'above-policy'; readonly field: 'count' | 'expiresInSeconds'; readonly most: number }
  | ActRefusal
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

/**
 * Makes a batch, shown this once. The same write ends the old batch of its kind. For a person who was found it takes four
 * DynamoDB requests: count the operator, count the client, write down who asks and why, write the record. The audit comes
 * before the record, so that it names somebody for every code that works. A fault between the two leaves an entry about a
 * batch that does not exist.
 */
export async function generateCodes(
  request: GenerateRequest,
  ports: GeneratePorts,
): Promise<GenerateOutcome> {
  const outcome = await generate(request, ports);
  if (noted.has(outcome.kind)) await noteRefusal(request, outcome.kind, ports);
  return outcome;
}

/** What somebody on the phone was after, and did not get. What no request could have is not noted. */
const noted: ReadonlySet<GenerateOutcome['kind']> = new Set([
  'proof-required',
  'own-approval',
  'protected',
  'own-account',
  'rate-limited',
  'no-address',
]);

/** One DynamoDB request, of somebody who is enrolled: a refusal for nobody leaves nothing. */
async function noteRefusal(
  { person, client, operator, request }: GenerateRequest,
  reason: string,
  { audit, clock, keyring }: GeneratePorts,
): Promise<void> {
  if (person.record.enrolment === undefined) return;
  const refused = { reason, client, operator, at: clock.now() };
  await audit.addRefusal(person.key, request, encryptRefusal(refused, person.key, keyring));
}

async function generate(request: GenerateRequest, ports: GeneratePorts): Promise<GenerateOutcome> {
  const { policy, clock, users } = ports;
  const { person, kind } = request;
  const { key: locator, record: found } = person;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  if (!offers(policy, kind)) return { kind: 'not-offered' };
  const excess = abovePolicy(request, policy);
  if (excess) return excess;
  const operator = await knownOperator(operatorOf(request), ports);
  if (isOwnAccount(operator, person)) return { kind: 'own-account' };
  const known = { ...request, by: operator };
  // Before anything is counted: people who do not exist use up nothing of others.
  if (found.enrolment === undefined) return { kind: 'not-found' };
  const codes = Array.from(
    { length: request.count ?? (kind === 'static' ? policy.backupCodes.perBatch : 1) },
    newBackupCode,
  );
  const early = earlyRefusal(found, known, ports);
  if (early) return refuse(locator, known, early, ports);
  const batch = await newBatch(codes, locator, request, ports);
  const sendingId = randomBytes(16).toString('base64url');
  let before: UserRecord | undefined;
  const decide = (found: UserRecord) => {
    before = found;
    return decideBatch(found, { ...batch, shown: codes, sendingId }, known, ports);
  };
  const { outcome, record } = await updateUser(users, locator, decide, {
    from: found,
    // After all that may refuse: what is refused takes nothing from an operator or a client.
    limit: async (decision) =>
      decision.outcome.kind === 'written'
        ? countAct(operator, request.request, clock.now(), ports)
        : undefined,
    audit: auditOnce(batch, request, locator, ports),
  });
  try {
    await enqueueNotices(locator, record, ports);
  } catch (error) {
    if (outcome.kind === 'written')
      await takeBack(locator, request, { batch, sendingId }, before, ports).catch(() => undefined);
    throw error; // the client is told of the first fault
  }
  return outcome.kind === 'written'
    ? {
        kind: 'generated',
        batch: batch.id,
        codes,
        areShown: policy.helpDesk.showCodes,
        ...(batch.expiresAt === undefined ? {} : { expiresAt: batch.expiresAt }),
      }
    : (outcome as Exclude<GenerateOutcome, { kind: 'generated' }>);
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

/** Before the codes are hashed, which takes its time. The write decides all the same. */
function earlyRefusal(
  found: UserRecord,
  request: KnownRequest,
  ports: GeneratePorts,
): ActRefusal | undefined {
  const isRepeated = found.generations.some((earlier) => earlier.request === request.request);
  if (found.enrolment === undefined || isRepeated) return undefined;
  const decided = authorizeAct(found, found.enrolment, actOf(request), ports.clock.now(), ports);
  return decided.kind === 'allowed' ? undefined : decided;
}

/** The proofs that were good are this operator's from here on. */
async function refuse(
  locator: string,
  request: KnownRequest,
  early: ActRefusal,
  ports: GeneratePorts,
): Promise<ActRefusal> {
  const { outcome } = await updateUser(ports.users, locator, (record): Decision<ActRefusal> => {
    const again = earlyRefusal(record, request, ports);
    if (again?.kind !== 'proof-required' || again.bound === record.helpDesk)
      return { outcome: again ?? early };
    return { outcome: again, after: { ...record, helpDesk: again.bound } };
  });
  return outcome;
}

function operatorOf({ operator: name, client, isAdministrator = false }: GenerateRequest): NamedOperator {
  return { name, client, isAdministrator };
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
