/** The languages of messages, and which of them a tag asks for. */

export const languages = ['en', 'de', 'fr', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];

/**
 * The first spoken language of a tag or a list of tags, whatever else is in it: `de-AT`, `de_DE.UTF-8@posix`,
 * `it,de;q=0.9`. `undefined` where there is none, as for `C` or nothing.
 */
export function spokenLanguage(tag: string): Language | undefined {
  for (const one of tag.toLowerCase().split(/[,;\s]+/, mostTags)) {
    const [first] = one.split(/[-_.@]/, 1);
    const spoken = languages.find((language) => language === first);
    if (spoken !== undefined) return spoken;
  }
  return undefined;
}

const mostTags = 64; // browsers send a handful
