/** Characters that nobody sees: marks of direction, joiners, soft hyphens and byte order marks, which copies carry. */

const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** For codes, answers, numbers and addresses, where such a character has no meaning. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}
