/** The names that a person has beside the userId: which are one, and how many there may be. */
import { foldUserId } from '../identifiers/user-id.ts';
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

/** Without what is given twice, and without the userId. Other forms of a name, which the stage names, stay as given. */
export function mergedAliases(
  userId: string,
  aliases: readonly string[] | undefined,
): readonly string[] | undefined {
  const first = new Map<string, string>();
  for (const alias of aliases ?? []) if (!first.has(foldUserId(alias))) first.set(foldUserId(alias), alias);
  first.delete(foldUserId(userId));
  return aliases && [...first.values()];
}
