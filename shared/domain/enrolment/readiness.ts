/** Who could not sign in by the fallback today, and who by one method alone: from the list of people, a page at a time. */
import { type Contact, decryptContact } from '../contact/contact.ts';
import { holdsOf } from '../contact/hold.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { AddressKind } from '../policy/methods.ts';
import { type Method, methods, type Policy } from '../policy/policy.ts';
import { type AnsweredStep, recoveryPaths, recoverySteps } from '../policy/recovery-paths.ts';
import type { UserPage, UserStore } from '../user-record/user-store.ts';
import { addressDecidedBy, type Decided } from './explain-offers.ts';

/** A tenth of what a query of the index reads at once. */
const pageSize = 500;

interface ReadinessPorts {
  readonly users: UserStore;
  readonly keyring: Keyring;
  readonly policy: Policy;
  readonly voice: boolean;
  readonly clock: { now(): number };
}

export interface UnreadyPerson {
  readonly userId: string;
  readonly reference: string;
  /** What keeps each method from the person. */
  readonly missing: readonly { readonly method: Method; readonly decided: Decided }[];
}

export interface Readiness {
  /** No address works today. */
  readonly lockedOut: readonly UnreadyPerson[];
  /** One method does, or a recovery by the alternate email and nothing else. */
  readonly oneWay: readonly UnreadyPerson[];
  readonly cursor?: string;
}

/**
 * People who may sign in, by name; whoever is disabled is left out. The index has what decides, so no record is read:
 * one DynamoDB query. `undefined` for a cursor that no page gave.
 */
export async function readReadiness(
  cursor: string | undefined,
  ports: ReadinessPorts,
): Promise<Readiness | undefined> {
  const page = await ports.users.list(pageSize, cursor);
  if (page === undefined) return undefined;
  const judged = page.users.filter(({ enrolment }) => enrolment.enabled).map((user) => judge(user, ports));
  const having = (ways: number) =>
    judged.filter((person) => person.ways === ways).map(({ ways: _, ...person }) => person);
  return {
    lockedOut: having(0),
    oneWay: having(1),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  };
}

function judge({ locator, enrolment }: UserPage['users'][number], ports: ReadinessPorts) {
  const contact = decryptContact(enrolment.contact, locator, ports.keyring);
  const holds = holdsOf(contact, ports.policy, ports.clock.now());
  const missing = methods.flatMap((method) => {
    const decided = addressDecidedBy(method, contact, holds, ports);
    return decided === undefined ? [] : [{ method, decided }];
  });
  const reached = methods.length - missing.length;
  const ways = reached === 0 && isRecoverable(contact, holds, ports.policy) ? 1 : reached;
  return { userId: enrolment.userId, reference: locator, missing, ways };
}

/** Where each step sends a code; `undefined` where it sends none. */
const addresses: Readonly<Record<AnsweredStep, AddressKind | undefined>> = {
  kba: undefined,
  otp: 'alternateEmail',
  'backup-code': undefined,
};

function isRecoverable(contact: Contact, holds: ReturnType<typeof holdsOf>, policy: Policy): boolean {
  const kinds = recoveryPaths(policy).flatMap((path) => recoverySteps[path].map((step) => addresses[step]));
  return kinds.some((kind) => kind !== undefined && contact[kind] !== undefined && holds[kind] === undefined);
}
