/** Who works at the help desk, compared as people: two names of one person are one operator. */
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
}

/** Two DynamoDB requests: an operator who is enrolled has the same key under each of their names. */
export async function knownOperator(named: NamedOperator, ports: NamePorts): Promise<Operator> {
  return { ...named, key: (await findPerson(named.name, ports)).key };
}

/** No operator acts on themselves, under any of their names: another one does. */
export function isOwnAccount(operator: Operator, person: Person): boolean {
  return operator.key === person.key;
}
