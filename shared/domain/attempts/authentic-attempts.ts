/** Attempts that a verdict may rest on: each was recorded by a function that signs, at this person and challenge. */
import type { StateKeys } from '../crypto/state-keys.ts';
import { ForgedState } from '../faults.ts';
import type { Attempt, RecordedAttempts } from '../user-record/attempts.ts';
import type { AttemptRequest } from '../user-record/user-store.ts';

/** Where an attempt was made. */
export type AttemptPlace = Pick<AttemptRequest, 'on' | 'request'> & { readonly locator: string };

export function authenticAttempt(
  place: AttemptPlace,
  attempt: Omit<Attempt, 'mac'>,
  stateKeys: StateKeys,
): Attempt {
  return { ...attempt, mac: stateKeys.mac('attempt', partsOf(place, attempt)) };
}

/**
 * All of a list: which attempt won follows from every one before it.
 *
 * @throws {ForgedState} where any was changed, or stands under another request
 */
export function confirmAttempts(
  { locator, on }: Omit<AttemptPlace, 'request'>,
  { requests, attempts }: Pick<RecordedAttempts, 'requests' | 'attempts'>,
  stateKeys: StateKeys,
): void {
  if (requests.length !== attempts.length) throw new ForgedState('attempt');
  for (const [place, attempt] of attempts.entries()) {
    const request = requests[place] as string;
    stateKeys.confirm('attempt', partsOf({ locator, on, request }, attempt), attempt.mac);
  }
}

function partsOf({ locator, on, request }: AttemptPlace, { digest, key, at, client }: Omit<Attempt, 'mac'>) {
  return [
    on.kind,
    locator,
    on.kind === 'codeAttempts' ? '' : on.challengeId,
    request,
    digest,
    key,
    at,
    client,
  ];
}
