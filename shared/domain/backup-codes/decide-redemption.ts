/** The decision that uses a backup code up: of several requests with the same code, one wins. */
import { authenticUse, confirmUse, type UseOwner } from '../attempts/authentic-use.ts';
import { creditSuccess, reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { enrolledName } from '../contact/enrolled-name.ts';
import { withNotices } from '../contact/notices.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import { ForgedState } from '../faults.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import { answersTo, type Person } from '../names/person.ts';
import type { Attempt } from '../user-record/attempts.ts';
import type { CodeKind, CodeUse } from '../user-record/code-batch.ts';
import type { Decision } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { BackupCodePorts } from './code-selector.ts';
import type { Match } from './find-match.ts';

export interface RedeemPorts extends BackupCodePorts {
  readonly stateKeys: StateKeys;
}

export interface RedeemRequest {
  readonly person: Person;
  readonly client: string;
  /** In the form of `readBackupCode`. */
  readonly code: string;
  readonly request: string;
  /** The recovery it is for; a key that was used for another purpose is in conflict. */
  readonly recovery?: string | undefined;
  /** Nothing may be redeemed any more: only what this request did before is told again. */
  readonly onlyReplay?: boolean;
}

export interface RedeemedCode {
  readonly kind: 'verified';
  /** What was verified. */
  readonly id: string;
  /** As enrolled. */
  readonly userId: string;
  /** As the client asked for. */
  readonly name: string;
  readonly user: string;
  readonly codeKind: CodeKind;
  readonly remaining: number;
  readonly at: number;
}

interface Redemption {
  readonly match: Match;
  readonly request: RedeemRequest;
  /** When the attempt was recorded; epoch milliseconds. */
  readonly at: number;
  /** Whether an attempt was made with the same code. */
  readonly isSame: (attempt: Attempt) => boolean;
}

/** Codes left of a batch when the person is told to ask for new ones; the notice says the number. */
const warnedAt = 2;

/** Names a use with its time, since a request's name may come again when it is no longer remembered. */
const useOf = ({ request }: RedeemRequest, at: number): string => `${request}@${at}`;

const ownerOf = ({ person: { key: locator, name }, client }: RedeemRequest): UseOwner => ({
  locator,
  client,
  name,
});

/**
 * What the request was told, if it redeemed a code before.
 *
 * @throws {ForgedState} where the record says so and no function of ours did
 */
export function earlierRedemption(
  { uses, locator }: UserRecord,
  request: RedeemRequest,
  at: number,
  { stateKeys }: RedeemPorts,
): RedeemedCode | undefined {
  const found = uses.find(({ use }) => use === useOf(request, at));
  if (found === undefined) return undefined;
  if (found.recovery !== request.recovery) throw new ForgedState('code-use');
  confirmUse(found, ownerOf(request), stateKeys);
  return redeemed(found, locator, request.person.name);
}

function redeemed({ id, userId, kind, remaining, at }: CodeUse, user: string, name: string): RedeemedCode {
  return { kind: 'verified', id, userId, name, user, codeKind: kind, remaining, at };
}

/** `undefined` as its outcome when the code, its batch or the person is no longer good. */
export function decideRedemption(
  found: UserRecord,
  redemption: Redemption,
  ports: RedeemPorts,
): Decision<RedeemedCode | undefined> {
  const { keyring, clock, policy, stateKeys } = ports;
  const { match, request, at, isSame } = redemption;
  const { kind, selector } = match;
  const earlier = earlierRedemption(found, request, at, ports);
  if (earlier) return { outcome: earlier };
  const now = clock.now();
  const batch = found.codeBatches[kind];
  const { enrolment } = found;
  const isOver = (batch?.expiresAt ?? Number.POSITIVE_INFINITY) <= now;
  const userId = enrolledName(found, keyring);
  if (batch?.id !== match.batch || enrolment === undefined || userId === undefined || isOver)
    return { outcome: undefined };
  if (!answersTo(found, request.person.name, ports)) return { outcome: undefined };
  if (batch.used[selector] !== undefined) return { outcome: undefined };
  const use = useOf(request, at);
  const used = { ...batch.used, [selector]: use };
  const remaining = Object.keys(batch.codes).length - Object.keys(used).length;
  const { recovery } = request;
  const made = authenticUse(
    { use, id: `${batch.id}.${selector}`, userId, kind, remaining, at, recovery },
    ownerOf(request),
    stateKeys,
  );
  const times = found.codeAttempts.attempts.filter(isSame).map((attempt) => attempt.at);
  const reconciled = reconcileAttempts(found, keyring, now, policy.lockout);
  const credited = creditSuccess(reconciled, times, {
    authenticator: 'backup-code',
    client: request.client,
  });
  return {
    outcome: redeemed(made, found.locator, request.person.name),
    after: {
      ...credited,
      codeBatches: { ...credited.codeBatches, [kind]: { ...batch, used } },
      uses: [...found.uses.filter((past) => past.at > now - requestRememberedMilliseconds), made],
      notices: noticesOf(credited, enrolment.contact, remaining, now),
    },
  };
}

function noticesOf(record: UserRecord, contact: Uint8Array, remaining: number, now: number) {
  const notices = withNotices(record, 'code-used', [contact], now);
  return remaining === warnedAt
    ? withNotices({ ...record, notices }, 'codes-running-low', [contact], now)
    : notices;
}
