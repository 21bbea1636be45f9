/** Whether every answer of a recovery stands in the person's record, made by a function that judges answers. */
import { confirmAttempts } from '../attempts/authentic-attempts.ts';
import { confirmUse } from '../attempts/authentic-use.ts';
import { winningAttempt } from '../challenge/winning-attempt.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import { slotOf } from '../identifiers/challenge-id.ts';
import { confirmQuestions } from '../kba/authentic-questions.ts';
import type { AnsweredStep } from '../policy/recovery-paths.ts';
import { challengeKeyOf } from '../user-record/challenge.ts';
import { findChallenge, findQuestions } from '../user-record/find-challenge.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { answersOf } from './answered-steps.ts';
import type { Recovery } from './recovery.ts';

type ProvenRecovery = Pick<Recovery, 'id' | 'client' | 'path' | 'userId'>;

interface ProofPorts {
  readonly keyring: Keyring;
  readonly stateKeys: StateKeys;
}

/**
 * The recovery's own item says which challenges were answered, and whoever writes into the table can say so. So each is
 * looked up: it was opened for this recovery, for its client, and was answered.
 *
 * @param answered see `answersOf`
 * @throws {ForgedState} where an answer stands there that nobody judged
 */
export function hasEveryProof(
  recovery: ProvenRecovery,
  answered: readonly string[],
  record: UserRecord,
  ports: ProofPorts,
): boolean {
  const answers = answersOf(recovery.path, answered);
  if (answers === undefined) return false;
  return answers.every(({ step, challengeId }) => proofs[step](challengeId, recovery, record, ports));
}

/** What the person's record must show of each step. */
const proofs: Readonly<Record<AnsweredStep, typeof hasAnswers>> = {
  kba: hasAnswers,
  otp: hasCode,
  'backup-code': hasUse,
};

function hasAnswers(
  id: string,
  { id: recovery, client }: ProvenRecovery,
  record: UserRecord,
  { stateKeys }: ProofPorts,
): boolean {
  const challengeKey = challengeKeyOf(client, { purpose: 'recovery', slot: slotOf({ recovery }) });
  const challenge = findQuestions(record, challengeKey, id);
  if (challenge?.verified === undefined) return false;
  if (challenge.recovery !== recovery || challenge.client !== client) return false;
  confirmQuestions(challenge, { challengeKey, locator: record.locator }, stateKeys);
  return true;
}

function hasCode(
  id: string,
  { id: recovery, client }: ProvenRecovery,
  record: UserRecord,
  { keyring, stateKeys }: ProofPorts,
): boolean {
  const challengeKey = challengeKeyOf(client, { purpose: 'recovery', slot: slotOf({ recovery }) });
  const challenge = findChallenge(record, challengeKey, id);
  if (challenge === undefined || winningAttempt(challenge, keyring) === undefined) return false;
  if (challenge.recovery !== recovery || challenge.client !== client) return false;
  const on = { kind: 'challenges', challengeKey, challengeId: id } as const;
  confirmAttempts({ locator: record.locator, on }, challenge, stateKeys);
  return true;
}

function hasUse(
  _: string,
  { id: recovery, client, userId: name }: ProvenRecovery,
  { uses, locator }: UserRecord,
  { stateKeys }: ProofPorts,
): boolean {
  const use = uses.find((made) => made.recovery === recovery);
  if (use === undefined) return false;
  confirmUse(use, { locator, client, name }, stateKeys);
  return true;
}
