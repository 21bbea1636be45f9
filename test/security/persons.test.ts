/** One person under many names, and no name with two people, however requests race or break off. */
import { afterAll, describe, expect, test } from 'vitest';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { readUser } from '../../shared/domain/enrolment/read-users.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { nameDigest, nameForm } from '../../shared/domain/names/name-form.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());
const backend = { ...backendOn(table), sameNames: ['CORP\\', '@corp.example'] };
const client = 'web-login';

let count = 0;
const newName = () => {
  count += 1;
  return `somebody-${count}`;
};
const enrol = (userId: string, aliases?: readonly string[], on = backend) =>
  enrolUser({ userId, aliases, email: `${userId.replace(/\W/g, '')}@example.com` }, true, on);
const keyOf = async (name: string) => (await personOf(name)).key;
const personOf = (name: string) => findPerson(name, backend);
const claimOf = (name: string) => nameDigest(nameForm(name, backend.sameNames), backend.keyring);

async function start(name: string): Promise<string> {
  const person = await personOf(name);
  const outcome = await startChallenge({ person, client, purpose: 'sign-in' }, backend);
  if (outcome.kind !== 'challenge') throw new Error(outcome.kind);
  return outcome.view.challengeId;
}

describe('one person under many names', () => {
  test('every name and every form of it finds the same person, and no other name does', async () => {
    const name = newName();
    await enrol(name, [`${name}-alias`, `entra:tenant:${name}`]);
    const key = await keyOf(name);
    for (const same of [name.toUpperCase(), `CORP\\${name}`, `corp\\${name}`, `${name}@corp.example`])
      expect(await keyOf(same)).toBe(key);
    for (const other of [`${name}-alias`, `CORP\\${name}-ALIAS`, `entra:tenant:${name}`])
      expect(await keyOf(other)).toBe(key);
    for (const foreign of [`OTHER\\${name}`, `${name}@elsewhere.example`, `${name}x`])
      expect(await keyOf(foreign)).not.toBe(key);
  });

  test('the key is random: the same name has another one after its person was removed', async () => {
    const name = newName();
    await enrol(name);
    const key = await keyOf(name);
    backend.advance(1);
    await removeUser(name, backend);
    const nobody = await keyOf(name);
    await enrol(name);
    expect(new Set([key, nobody, await keyOf(name)]).size).toBe(3);
  });

  test('what the client asked is what the verdict says, beside the enrolled name', async () => {
    const name = newName();
    await enrol(name, [`${name}-alias`]);
    const challengeId = await start(`CORP\\${name}-alias`);
    const code = await backend.codeOf(name, client);
    const verdict = await verifyCode({ challengeId, client, code, request: 'one' }, backend);
    expect(verdict).toMatchObject({ kind: 'verified', userId: name, name: `CORP\\${name}-alias` });
  });

  test('aliases stay when a change says nothing of them, and go when it lists none', async () => {
    const name = newName();
    await enrol(name, [`${name}-alias`]);
    await enrol(`${name}-alias`);
    expect((await readUser(name, backend))?.contact).toMatchObject({
      userId: name,
      aliases: [`${name}-alias`],
    });
    backend.advance(1);
    await enrol(name, []);
    expect(await readUser(`${name}-alias`, backend)).toBeUndefined();
    expect(await backend.names.read(claimOf(`${name}-alias`))).toBeUndefined();
  });
});

describe('name of two people', () => {
  test('a name that somebody has is refused, in whatever form, and nothing is changed', async () => {
    const [one, other] = [newName(), newName()];
    await enrol(one, [`${one}-alias`]);
    await enrol(other);
    for (const taken of [one, `${one}-alias`, `CORP\\${one}-alias`])
      expect(await enrol(other, [taken])).toEqual({ kind: 'name-taken', name: taken });
    expect((await readUser(other, backend))?.contact.aliases).toBeUndefined();
  });

  test('of two who want one name at once, one gets it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = [newName(), newName()];
      await Promise.all([enrol(one), enrol(other)]);
      const wanted = newName();
      const outcomes = await Promise.allSettled([enrol(one, [wanted]), enrol(other, [wanted])]);
      const kinds = outcomes.map((each) => (each.status === 'fulfilled' ? each.value.kind : 'raced'));
      expect(kinds.filter((kind) => kind === 'enrolled')).toHaveLength(1);
      const holder = [one, other][kinds.indexOf('enrolled')] as string;
      expect(await keyOf(wanted)).toBe(await keyOf(holder));
    }
  });

  test('the same person enrolled many times at once is one', async () => {
    const name = newName();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => enrol(name)));
    expect(outcomes.every(({ kind }) => kind === 'enrolled')).toBe(true);
    expect((await personOf(name)).record.enrolment?.userId).toBe(name);
  });

  test('a claim that no record lists is nobody’s, and is taken over after a minute and no sooner', async () => {
    const [one, wanted] = [newName(), newName()];
    await enrol(one);
    const at = backend.clock.now();
    await backend.names.claim(claimOf(wanted), { person: await keyOf(one), at });
    expect(await readUser(wanted, backend)).toBeUndefined();
    await expect(enrol(wanted)).rejects.toThrow('raced-name');
    backend.advance(61);
    expect((await enrol(wanted)).kind).toBe('enrolled');
    expect(await keyOf(wanted)).not.toBe(await keyOf(one));
  });

  test('an enrolment that broke off after its claim is made by the next request', async () => {
    const name = newName();
    const broken = {
      ...backend,
      users: { ...backend.users, write: () => Promise.reject(new Error('down')) },
    };
    await expect(enrol(name, undefined, broken)).rejects.toThrow('down');
    expect((await enrol(name)).kind).toBe('enrolled');
    expect((await readUser(name, backend))?.contact.userId).toBe(name);
  });
});

describe('renamed between question and answer', () => {
  test('the right code for a name that the person lost verifies nothing', async () => {
    const name = newName();
    await enrol(name, [`${name}-alias`]);
    const challengeId = await start(`${name}-alias`);
    const code = await backend.codeOf(name, client);
    await enrol(name, []);
    const verdict = await verifyCode({ challengeId, client, code, request: 'late' }, backend);
    expect(verdict.kind).toBe('challenge-closed');
  });
});
