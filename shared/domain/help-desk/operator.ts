/** Who works at the help desk, compared as people: two names of one person are one operator. */
import { nameDigest, nameForm } from '../names/name-form.ts';
import { findPerson, type NamePorts, type Person } from '../names/person.ts';

/** Somebody who acts, for which client, and whether as an administrator. */
export interface NamedOperator {
  /** As the token or the request names them. */
  readonly name: string;
  readonly client: string;
  readonly isAdministrator: boolean;
}

export interface Operator extends NamedOperator {
  /** Of the person whose name it is, or of that name where it is nobody's. */
  readonly key: string;
  /** See `operatorReference`. */
  readonly reference: string;
}

/**
 * Stands for an operator in the log, in whatever form their name was given. Another name of the same person has another
 * one, since it takes no look-up: a refused request and a restriction have it too.
 */
export function operatorReference(
  name: string,
  { keyring, sameNames }: Pick<NamePorts, 'keyring' | 'sameNames'>,
): string {
  return nameDigest(nameForm(name, sameNames), keyring);
}

/** Two DynamoDB requests: an operator who is enrolled has the same key under each of their names. */
export async function knownOperator(named: NamedOperator, ports: NamePorts): Promise<Operator> {
  const { key } = await findPerson(named.name, ports);
  return { ...named, key, reference: operatorReference(named.name, ports) };
}

/** No operator acts on themselves, under any of their names: another one does. */
export function isOwnAccount(operator: Operator, person: Person): boolean {
  return operator.key === person.key;
}
