/** A table that was restored, rehearsed: its items as of a moment are put back, and what began before it is dead. */
import { type AttributeValue, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { newProof } from '../../../shared/domain/help-desk/proof.ts';
import { startChallenge } from '../../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../../shared/domain/otp/verify-code.ts';
import {
  codeLifetimeMilliseconds,
  requestLifetimeMilliseconds,
} from '../../../shared/domain/sign-in-session/authorization.ts';
import {
  type SignInSession,
  sessionLifetimeMilliseconds,
} from '../../../shared/domain/sign-in-session/session.ts';
import { authorizationStore } from '../../../shared/store/authorizations.ts';
import { dialogueStore } from '../../../shared/store/dialogues.ts';
import { recoveryStore } from '../../../shared/store/recoveries.ts';
import { signInSessions } from '../../../shared/store/sign-in-sessions.ts';
import type { Table } from '../../../shared/store/table.ts';
import { userStore } from '../../../shared/store/users.ts';
import { type Backend, backendOn, enrolSomebody, someDay } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

const client = 'web-login';

/** The same people, keys and clock on the table of a stage that says since when things are good. */
function restoredWith(backend: Backend, validSince: number): Backend {
  const restored: Table = { ...table, validSince };
  const users = userStore(restored, backend.policy, backend.clock);
  return { ...backendOn(restored, backend.policy, backend.keyring), ...backend, users };
}

const start = async (userId: string, backend: Backend) => {
  const person = await backend.person(userId);
  const outcome = await startChallenge({ person, client, purpose: 'sign-in' }, backend);
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
};

let requests = 0;
const verify = async (challengeId: string, code: string, backend: Backend) => {
  requests += 1;
  const request = `request-${requests}`;
  return (await verifyCode({ challengeId, client, code, request }, backend)).kind;
};

/** Copies all items, as a restore to this moment would bring them back. */
async function copied(): Promise<() => Promise<void>> {
  const { Items = [] } = await table.client.send(
    new ScanCommand({ TableName: table.name, ConsistentRead: true }),
  );
  return async () => {
    for (const Item of Items as Record<string, AttributeValue>[])
      await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
  };
}

describe('a code that was used after the moment that the table is restored to', () => {
  it('works again by itself, and is dead by validSince, without an attempt', async () => {
    const backend = backendOn(table);
    const userId = await enrolSomebody(backend);
    const challengeId = await start(userId, backend);
    const code = await backend.codeOf(userId, client);
    const restore = await copied();
    expect(await verify(challengeId, code, backend)).toBe('verified');
    expect(await verify(challengeId, code, backend)).toBe('challenge-closed');

    await restore();
    expect(await verify(challengeId, code, backend)).toBe('verified');

    await restore();
    backend.advance(60);
    const guarded = restoredWith(backend, backend.clock.now());
    expect(await verify(challengeId, code, guarded)).toBe('challenge-closed');
    const { record } = await backend.person(userId);
    expect(Object.values(record.challenges).map(({ attempts }) => attempts)).toEqual([[]]);
    expect(record.failedAttempts).toEqual([]);
  });

  it('leaves the person a new one, which works', async () => {
    const backend = backendOn(table);
    const userId = await enrolSomebody(backend);
    await start(userId, backend);
    backend.advance(60);
    const guarded = restoredWith(backend, backend.clock.now());
    const again = await start(userId, guarded);
    expect(await verify(again, await backend.codeOf(userId, client), guarded)).toBe('verified');
  });
});

describe('what else began before validSince', () => {
  const backend = backendOn(table);
  const before = { ...table, validSince: someDay };
  const after = { ...table, validSince: someDay + 1 };

  it('is not found: a recovery, a session, a pushed request, an authorization code, a dialogue', async () => {
    const { keyring } = backend;
    const id = 'a'.repeat(32);
    const recovery = { id, client, startedAt: someDay, expiresAt: someDay + 900_000, revision: 1 } as never;
    await recoveryStore(table, keyring).create(recovery);
    const session = { id, expiresAt: someDay + sessionLifetimeMilliseconds, revision: 1 } as SignInSession;
    await signInSessions(table, keyring).create(session);
    const authorizations = authorizationStore(table, keyring);
    await authorizations.push({ id, expiresAt: someDay + requestLifetimeMilliseconds } as never);
    await authorizations.keepCode({ id, expiresAt: someDay + codeLifetimeMilliseconds } as never);
    const dialogue = { id, revision: 1, sealed: new Uint8Array(1), endsAt: someDay + 900_000 };
    await dialogueStore(table).write(dialogue as never);
    const readersOf = (from: Table) => [
      recoveryStore(from, keyring).read(id),
      signInSessions(from, keyring).read(id),
      authorizationStore(from, keyring).pushed(id),
      authorizationStore(from, keyring).findCode(id),
      dialogueStore(from).read(id),
    ];
    expect((await Promise.all(readersOf(before))).map((found) => found !== undefined)).toEqual(
      Array(5).fill(true),
    );
    expect(await Promise.all(readersOf(after))).toEqual(Array(5).fill(undefined));
  });

  it('is not found in a record: a proof', async () => {
    const userId = await enrolSomebody(backend);
    const { record } = await backend.person(userId);
    const proof = newProof({ kind: 'caller', client }, someDay, backend.keyring);
    const helpDesk = { ...record.helpDesk, proofs: [proof] };
    const { users, clock, policy } = backend;
    expect(await users.write(record, { ...record, helpDesk, revision: record.revision + 1 })).toBe(true);
    const proofsIn = async (from: Table) =>
      (await userStore(from, policy, clock).read(record.locator))?.helpDesk.proofs;
    expect(await proofsIn(before)).toHaveLength(1);
    expect(await proofsIn(after)).toEqual([]);
  });
});
