/** A recovery's step that the workflow opened again: what its challenge came to before then is not lost. */
import { isExhausted, isSolved } from '../challenge/challenge-state.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { readChallengeId } from '../identifiers/challenge-id.ts';
import { challengeKeyOf } from '../user-record/challenge.ts';
import type { UserStore } from '../user-record/user-store.ts';
import type { Recovery, RecoveryPorts, RecoveryStep } from './recovery.ts';

interface ReopenPorts extends Pick<RecoveryPorts, 'workflow'> {
  readonly users: UserStore;
  readonly keyring: Keyring;
}

/**
 * Tells the workflow what the person did while the step's old token was dead. Called after the new token was written:
 * an answer that is recorded before that write is found here, and a later one finds the new token, so that none falls
 * between them. Where both do, the workflow takes one. One DynamoDB request, and none for a step that is new.
 *
 * @param before the recovery as it was before the new token
 */
export async function tellReopened(
  { step: before, client }: Recovery,
  { token, challengeId }: Extract<RecoveryStep, { readonly challengeId: string }>,
  ports: ReopenPorts,
): Promise<void> {
  if (before === undefined || !('challengeId' in before) || before.challengeId !== challengeId) return;
  const outcome = await outcomeOf(challengeId, client, ports);
  if (outcome === 'verified') await ports.workflow.succeed(token, {});
  if (outcome === 'exhausted') await ports.workflow.fail(token, 'AttemptsExhausted');
}

async function outcomeOf(
  challengeId: string,
  client: string,
  { users, keyring }: ReopenPorts,
): Promise<'verified' | 'exhausted' | undefined> {
  const address = readChallengeId(challengeId);
  const record = address && (await users.read(address.locator));
  if (address === undefined || record === undefined) return undefined;
  const challengeKey = challengeKeyOf(client, address);
  const standing = [record.challenges[challengeKey], record.kbaChallenges[challengeKey]];
  const challenge = standing.find((each) => each?.id === challengeId);
  if (challenge === undefined) return undefined;
  if (isSolved(challenge, keyring)) return 'verified';
  return isExhausted(challenge) ? 'exhausted' : undefined;
}
