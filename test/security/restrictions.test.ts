/** What an administrator closed: nothing of it moves on, whoever asks, and a table that fails opens nothing. */
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { changeRecovery } from '../../shared/domain/recovery/change-recovery.ts';
import { type Recovery, type RecoveryStore, readRecovery } from '../../shared/domain/recovery/recovery.ts';
import {
  isClosed,
  type RestrictionStore,
  restrictedRecoveries,
  restrictionChange,
  restrictionView,
} from '../../shared/domain/restrictions/restrictions.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { restrictionStore } from '../../shared/store/restrictions.ts';
import { someDay, someKey } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const client = 'web-login';
const keyring = keyringOf(new Map([[1, randomBytes(32)]]));
let raw: RecoveryStore;
let restrictions: RestrictionStore;
let recoveries: RecoveryStore;
let now = someDay;
const clock = { now: () => now };

beforeAll(async () => {
  const table = await startTable();
  raw = recoveryStore(table, keyring);
  restrictions = restrictionStore(table);
  recoveries = restrictedRecoveries(raw, restrictions, clock);
});
beforeEach(() => {
  now += 86_400_000;
});

const set = (state: 'open' | 'closed', until?: number) =>
  restrictions.write(
    restrictionChange({ recoveries: state }, { until, now, operator: 'ada', reason: 'calls' }, keyring),
  );

async function running(): Promise<string> {
  const recovery: Recovery = {
    id: randomBytes(24).toString('base64url'),
    client,
    userId: 'alice',
    person: someKey('alice'),
    paths: ['kba'],
    path: 'kba',
    startedAt: now,
    expiresAt: now + 900_000,
    status: 'pending',
    step: { type: 'choose', token: 'token' },
    body: '',
    revision: 1,
    mac: '',
  };
  expect(await recoveries.create(recovery)).toBe(true);
  return recovery.id;
}

const statusOf = async (id: string) => (await readRecovery(id, client, { recoveries, clock }))?.status;

describe('restriction that an attack runs through', () => {
  test('a recovery that runs while recoveries are closed has failed, and stays so when they open', async () => {
    const id = await running();
    expect(await statusOf(id)).toBe('pending');
    await set('closed');
    expect(await statusOf(id)).toBe('failed');
    const moved = await changeRecovery(id, () => ({ status: 'succeeded', step: undefined }), { recoveries });
    expect(moved).toMatchObject({ status: 'failed', step: undefined });
    await set('open');
    expect(await statusOf(id)).toBe('failed');
    now += 1;
    expect(await statusOf(await running())).toBe('pending');
  });

  test('a restriction with an end is over by itself, and says who set it and why until then', async () => {
    await set('closed', now + 60_000);
    expect(isClosed(await restrictions.read(), 'recoveries', now)).toBe(true);
    const shown = { state: 'closed', operator: 'ada', reason: 'calls', until: now + 60_000 };
    expect(restrictionView(await restrictions.read(), 'recoveries', now, keyring)).toEqual(shown);
    now += 60_000;
    expect(isClosed(await restrictions.read(), 'recoveries', now)).toBe(false);
    expect(restrictionView(await restrictions.read(), 'recoveries', now, keyring)).toEqual({ state: 'open' });
    expect(await statusOf(await running())).toBe('pending');
  });

  test('what a request does not name stays as it is', async () => {
    await set('closed');
    const words = { until: undefined, now, operator: 'ada', reason: 'calls' };
    await restrictions.write(restrictionChange({ helpDeskCodes: 'closed' }, words, keyring));
    const known = await restrictions.read();
    expect([isClosed(known, 'recoveries', now), isClosed(known, 'helpDeskCodes', now)]).toEqual([true, true]);
    await set('open');
    expect(isClosed(await restrictions.read(), 'helpDeskCodes', now)).toBe(true);
  });

  test('a restriction that cannot be read opens nothing', async () => {
    const id = await running();
    const failing = { ...restrictions, read: () => Promise.reject(new Error('the table is down')) };
    const blind = restrictedRecoveries(raw, failing, clock);
    await expect(blind.read(id)).rejects.toThrow('the table is down');
  });
});
