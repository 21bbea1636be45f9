/** Gathers everything that the audit looks at: the raw table, the carriers' messages, the queues, the log, the keys. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Keyring, keyringOf } from '../../../shared/domain/keyring.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import { type UserRecord, winningGuess } from '../../../shared/domain/user-record.ts';
import { recordOf } from '../../../shared/store/users.ts';
import type { RawItem } from '../inside/routes.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Observed } from './observed.ts';
import type { Soaked } from './traffic.ts';

/** Of a destination's counter: 16 bytes in base64url. Counters of notices are longer and have a limit of their own. */
const keyLength = 22;

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
  const counters = all
    .filter(({ pk }) => pk.startsWith('destination#') && pk.length === 'destination#'.length + keyLength)
    .map(({ pk, attributes }) => [pk, attributes['sent'] as number[]] as const);
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
    counters: Object.fromEntries(counters),
    won: new Set(records.flatMap((record) => wonIn(record, keyring))),
    log: stack.log(),
    queues,
    keys: jwks.keys,
    jumps: soaked.jumps,
    kills: soaked.kills,
    disturbances: soaked.disturbances,
  };
}

/** Attribute values as the wire has them; binary ones come in base64. */
function readItem(item: RawItem): { pk: string; attributes: Record<string, unknown> } {
  const binary = Object.entries(item).map(([name, value]) => [
    name,
    typeof value['B'] === 'string' ? { B: Buffer.from(value['B'], 'base64') } : value,
  ]);
  const { pk, sk, ...attributes } = unmarshall(Object.fromEntries(binary));
  return { pk, attributes };
}

function wonIn({ challenges, kbaChallenges, past }: UserRecord, keyring: Keyring): string[] {
  const codes = [...Object.values(challenges), ...past].filter(
    (each) => winningGuess(each, keyring) !== undefined,
  );
  const answers = Object.values(kbaChallenges).filter(({ verified }) => verified !== undefined);
  return [...codes, ...answers].map(({ id }) => id);
}
