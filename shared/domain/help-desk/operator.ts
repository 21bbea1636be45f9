/** Who works at the help desk, compared as people: two names of one person are one operator. */
import { locatorOf } from '../identifiers/user-id.ts';

/** Somebody who acts, for which client, and whether as an administrator. */
export interface Operator {
  /** As the token or the request names them. */
  readonly name: string;
  readonly client: string;
  readonly isAdministrator: boolean;
}

/** The same for every name of a person. */
export function operatorKeyOf(name: string): string {
  return locatorOf(name);
}
