/** How many names a person may have beside the userId. */

import { nameForm } from '../names/name-form.ts';
import type { NamePorts } from '../names/person.ts';

export const mostAliases = 10;

/** Names that mean the same count once, and those that mean the userId do not count. */
export function countAliases(
  userId: string,
  aliases: readonly string[] | undefined,
  { sameNames }: Pick<NamePorts, 'sameNames'>,
): number {
  const forms = new Set([userId, ...(aliases ?? [])].map((name) => nameForm(name, sameNames)));
  return forms.size - 1;
}
