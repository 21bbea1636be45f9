/** Gathers everything that the audit looks at: the raw table, the carriers' messages, the queues, the log, the keys. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { winningAttempt } from '../../../shared/domain/challenge/winning-attempt.ts';
import { destinationCounter } from '../../../shared/domain/contact/profile.ts';
import { type Keyring, keyringOf } from '../../../shared/domain/crypto/keyring.ts';
import type { Policy } from '../../../shared/domain/policy/policy.ts';
import type { UserRecord } from '../../../shared/domain/user-record/user-record.ts';
import { recordOf } from '../../../shared/store/user-item.ts';
import type { RawItem } from '../inside/routes.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Observed } from './observed.ts';
import type { Contact } from './person.ts';
import type { Soaked } from './traffic.ts';

export async function gather(stack: MeasuredStack, policy: Policy, soaked: Soaked): Promise<Observed> {
  const [items, queues, messages, master] = await Promise.all([
    stack.look('/table'),
    stack.look('/queues'),
    stack.look('/sent'),
    stack.look('/master'),
  ]);
  const keyring = keyringOf(new Map([[1, Buffer.from(master, 'base64')]]));
  const all = items.map(readItem);
  const records = all
    .filter(({ pk }) => pk.startsWith('user#'))
    .map(({ pk, attributes }) => recordOf(pk.slice('user#'.length), attributes));
  const keys = new Set(soaked.people.flatMap(({ contact }) => counterKeys(contact, keyring)));
  const limiter = all
    .filter(({ pk }) => keys.has(pk))
    .map(({ pk, attributes }) => [pk, attributes['sent'] as number[]] as const);
  if (messages.length > 0 && limiter.length === 0) throw new Error('no counter of a destination was found');
  const { body: jwks } = await stack.request('GET', '/.well-known/jwks.json');
  return {
    policy,
    entries: soaked.entries,
    addresses: Object.fromEntries(
      soaked.people.map(({ userId, contact }) => [userId, Object.values(contact)]),
    ),
    finals: soaked.finals,
    messages,
    records,
    limiter: Object.fromEntries(limiter),
    won: new Set(records.flatMap((record) => wonIn(record, keyring))),
    log: stack.log(),
    queues,
    keys: jwks.keys,
    kills: soaked.kills,
    disturbances: soaked.disturbances,
  };
}

/** Attribute values as the wire has them; binary ones, also inside of others, come in base64. */
function readItem(item: RawItem): { pk: string; attributes: Record<string, unknown> } {
  const { pk, sk, ...attributes } = unmarshall(
    JSON.parse(JSON.stringify(item), (name, value) =>
      name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
    ),
  );
  return { pk, attributes };
}

function wonIn({ challenges, kbaChallenges, past, pastKba }: UserRecord, keyring: Keyring): string[] {
  const codes = [...Object.values(challenges), ...past].filter(
    (each) => winningAttempt(each, keyring) !== undefined,
  );
  const answers = [...Object.values(kbaChallenges), ...pastKba].filter(
    ({ verified }) => verified !== undefined,
  );
  return [...codes, ...answers].map(({ id }) => id);
}

/** Keys of the counters of codes to a person's addresses; other counters have limits of their own. */
function counterKeys({ phone, email, alternateEmail }: Contact, keyring: Keyring): string[] {
  const emails = [email, alternateEmail].map((address) => destinationCounter('email', address, keyring));
  return [destinationCounter('phone', phone, keyring), ...emails].map((key) => `destination#${key}`);
}
