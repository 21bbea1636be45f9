/** Generations of backup codes as they are kept: sealed, once, and so many. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, expect, test } from 'vitest';
import {
  type CodeAudit,
  decryptGenerations,
  decryptRefusals,
  encryptGeneration,
  encryptRefusal,
  type Generation,
  generationsKept,
} from '../../../shared/domain/backup-codes/code-audit.ts';
import { decryptContact } from '../../../shared/domain/contact/contact.ts';
import { fromItem } from '../../../shared/store/attributes.ts';
import { auditKey } from '../../../shared/store/table.ts';
import { type Backend, backendOn, someDay, someKey } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

let backend: Backend;
let audit: CodeAudit;
let locator: string;
let people = 0;
beforeEach(() => {
  backend = backendOn(table);
  audit = backend.audit;
  people += 1;
  locator = someKey(`person-${people}`);
});

const generation = (number: number, more: Partial<Generation> = {}): Generation => ({
  batch: `batch-${number}`,
  kind: 'one-time',
  count: 1,
  client: 'helpdesk',
  reason: 'handset left at a fair',
  at: someDay,
  ...more,
});
const ciphertext = (one: Generation) => encryptGeneration(one, locator, backend.keyring);
const add = (one: Generation) => audit.add(locator, ciphertext(one));
const opened = async () =>
  decryptGenerations((await audit.read(locator)).generations, locator, backend.keyring);
async function item() {
  const command = new GetItemCommand({ TableName: table.name, Key: auditKey(locator) });
  return fromItem((await table.client.send(command)).Item ?? {});
}

test('one that is written again after a lost reply is there once', async () => {
  const one = ciphertext(generation(1));
  await audit.add(locator, one);
  await audit.add(locator, one);
  expect(await opened()).toEqual([generation(1)]);
});

test('two that race are read once each, even if one was recorded twice', async () => {
  const [one, other] = [ciphertext(generation(1)), ciphertext(generation(2))];
  for (const each of [one, other, one]) await audit.add(locator, each);
  expect((await opened()).map(({ batch }) => batch)).toEqual(['batch-1', 'batch-2']);
});

test('nothing that a person wrote is readable in the table, and nothing is decrypted for another user', async () => {
  await add(generation(1, { operator: 'olga', ticket: 'CASE-20417' }));
  const text = JSON.stringify(await item(), (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  );
  for (const word of ['fair', 'olga', 'CASE', 'helpdesk']) expect(text).not.toContain(word);
  const { generations: kept } = await audit.read(locator);
  expect(() => decryptGenerations(kept, someKey('somebody-else'), backend.keyring)).toThrow();
  expect(() => decryptContact(kept[0]?.ciphertext as Uint8Array, locator, backend.keyring)).toThrow();
});

test('old ones go, and the newest of each kind stays however old it is', async () => {
  await add(generation(0, { kind: 'static' }));
  const most = 2 * generationsKept;
  for (let number = 1; number < most; number += 1) await add(generation(number));
  expect(await opened()).toHaveLength(most);
  await add(generation(most));
  const batches = (await opened()).map(({ batch }) => batch);
  expect(batches).toHaveLength(generationsKept + 1);
  expect([batches[0], batches.at(-1)]).toEqual([`batch-${most}`, 'batch-0']);
});

test('they go ninety days after their user, unless a generation comes first', async () => {
  const ninetyDays = 90 * 86_400;
  await audit.forget(locator);
  expect(await item()).toEqual({});
  await add(generation(1));
  await audit.forget(locator);
  backend.advance(86_400);
  await audit.forget(locator);
  expect((await item())['ttl']).toBe(someDay / 1000 + ninetyDays);
  await add(generation(2));
  expect(await item()).not.toHaveProperty('ttl');
});

test('requests that were refused are kept sealed, once each, and so many', async () => {
  const refused = (at: number) => ({ reason: 'proof-required', client: 'helpdesk', operator: 'olga', at });
  const refuse = (at: number, request = `request-${at}`) =>
    audit.addRefusal(locator, request, encryptRefusal(refused(at), locator, backend.keyring));
  await refuse(0);
  await refuse(0);
  for (let at = 1; at <= 2 * generationsKept + 1; at += 1) await refuse(at);
  const { refusals } = await audit.read(locator);
  expect(refusals.length).toBeLessThanOrEqual(2 * generationsKept);
  const refusedOnes = decryptRefusals(refusals, locator, backend.keyring);
  expect(refusedOnes[0]).toEqual(refused(2 * generationsKept + 1));
  expect(new Set(refusedOnes.map(({ at }) => at)).size).toBe(generationsKept);
  await add(generation(1));
  expect(await opened()).toEqual([generation(1)]);
  expect(JSON.stringify(await item())).not.toContain('olga');
});
