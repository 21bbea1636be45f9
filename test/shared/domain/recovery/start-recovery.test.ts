/** What starts a recovery, and its id under an `Idempotency-Key`: the same for the same request, for nobody to guess. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { pollUntil } from '../../../../shared/composition/poll-until.ts';
import { type Keyring, keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import { stateKeysOf } from '../../../../shared/domain/crypto/state-keys.ts';
import { idempotencyOf } from '../../../../shared/domain/identifiers/request-id.ts';
import { defaultPolicy, type Policy } from '../../../../shared/domain/policy/policy.ts';
import { recoveryPathNames } from '../../../../shared/domain/policy/recovery-paths.ts';
import { startRecovery } from '../../../../shared/domain/recovery/start-recovery.ts';
import { blankRecord } from '../../../../shared/domain/user-record/user-record.ts';
import { rateLimiter } from '../../../../shared/store/rate-limiter.ts';
import { recoveryStore } from '../../../../shared/store/recoveries.ts';
import { someDay, someKey } from '../../../support/person.ts';
import { startTable } from '../../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const userId = 'somebody';
const client = 'web-login';
const person = { key: someKey(userId), name: userId, record: blankRecord(someKey(userId)) };
const forgotPhone = { enabled: true, method: 'kba', usersSelect: false } as const;
const keyring = keyringOf(new Map([[1, randomBytes(32)]]));

const portsWith = (policy: Partial<Policy>, keys = keyring) => ({
  recoveries: recoveryStore(table, keyring),
  limiter: rateLimiter(table),
  keyring: keys,
  stateKeys: stateKeysOf(new Map([[1, randomBytes(32)]])),
  pollUntil,
  clock: { now: () => someDay },
  policy: { ...defaultPolicy, ...policy },
  workflow: {
    start: async () => {},
    succeed: async () => 'resumed' as const,
    fail: async () => 'resumed' as const,
  },
});

async function idUnder(header: string, keys: Keyring): Promise<string> {
  const idempotency = idempotencyOf(client, '/v1/recoveries', header, { userId });
  const outcome = await startRecovery({ person, client, idempotency }, portsWith({ forgotPhone }, keys));
  if (outcome.kind !== 'recovery') throw new Error(outcome.kind);
  return outcome.recovery.id;
}

test('one key starts one recovery, another key another', async () => {
  const id = await idUnder('1', keyring);
  expect(await idUnder('1', keyring)).toBe(id);
  expect(await idUnder('2', keyring)).not.toBe(id);
});

test('computable recovery id: a key that is easy to guess does not tell it without the deployment’s own', async () => {
  const id = await idUnder('1', keyring);
  expect(await idUnder('1', keyringOf(new Map([[1, randomBytes(32)]])))).not.toBe(id);
  const { key } = idempotencyOf(client, '/v1/recoveries', '1', { userId });
  const span = Math.floor(someDay / 600_000);
  const digest = createHash('sha256')
    .update(`recovery\0${someKey(userId)}\0${key}\0${span}`)
    .digest();
  expect(id).not.toBe(digest.subarray(0, 24).toString('base64url'));
});

test.each([undefined, ...recoveryPathNames])(
  'with Forgot Phone off none starts, by whatever path: %s',
  async (path) => {
    const off = {
      forgotPhone: { ...forgotPhone, enabled: false, usersSelect: true },
      securityCodes: 'both',
    } as const;
    const start = (policy: Partial<Policy>) => startRecovery({ person, client, path }, portsWith(policy));
    expect(await start(off)).toEqual({ kind: 'fallback-disabled' });
    const on = { ...off, forgotPhone: { ...off.forgotPhone, enabled: true } };
    expect(await start(on)).toMatchObject({ kind: 'recovery' });
  },
);
