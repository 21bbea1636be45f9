/** Questions that a verdict may rest on: what was asked, of whom, for whom, until when, and what came of it. */
import { confirmAttempts } from '../attempts/authentic-attempts.ts';
import type { StateKeys } from '../crypto/state-keys.ts';
import type { KbaChallenge } from '../user-record/challenge.ts';

/** Made anew when the answers were right. Attempts have MACs of their own, and which of them count is no secret. */
export function authenticQuestions(
  challenge: Omit<KbaChallenge, 'mac'>,
  locator: string,
  stateKeys: StateKeys,
): KbaChallenge {
  return { ...challenge, mac: stateKeys.mac('questions', partsOf(challenge, locator)) };
}

/** @throws {ForgedState} where the challenge or an attempt at it was changed, or is another's */
export function confirmQuestions(
  challenge: KbaChallenge,
  { challengeKey, locator }: { readonly challengeKey: string; readonly locator: string },
  stateKeys: StateKeys,
): void {
  stateKeys.confirm('questions', partsOf(challenge, locator), challenge.mac);
  const on = { kind: 'kbaChallenges', challengeKey, challengeId: challenge.id } as const;
  confirmAttempts({ locator, on }, challenge, stateKeys);
}

function partsOf(challenge: Omit<KbaChallenge, 'mac'>, locator: string) {
  const { id, client, purpose, recovery, expiresAt, maxAttempts, asked, verified } = challenge;
  const name = Buffer.from(challenge.name).toString('base64url');
  return [locator, name, id, client, purpose, recovery, expiresAt, maxAttempts, asked, verified];
}
