/** How IAM's patterns match: actions, texts and ARNs, with `*` for any characters and `?` for one. */

export type Matches = (text: string) => boolean;

/** The prefix and the name of an action do not look at case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function actionMatcher(pattern: string): Matches {
  return matcher(pattern, { star: () => '.*', one: '.' }, 'i');
}

/** `StringLike`: case counts, and both wildcards stand anywhere.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String */
export function textMatcher(pattern: string): Matches {
  return matcher(pattern, { star: () => '.*', one: '.' });
}

/** `Resource` and `NotResource`: a wildcard stays within its segment between colons, but a `*` that ends the segment
 * reaches beyond.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function resourceMatcher(pattern: string): Matches {
  const star = (next: string | undefined) => (next === undefined || next === ':' ? '.*' : '[^:]*');
  return matcher(pattern, { star, one: '[^:]' });
}

const arnParts = 6;

/** `ArnLike` and `ArnEquals`, which AWS says are the same: each of the six parts for itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 * @returns undefined for a pattern that has not six parts. */
export function arnMatcher(pattern: string): Matches | undefined {
  const matchers = partsOf(pattern).map(textMatcher);
  if (matchers.length < arnParts) return undefined;
  return (arn) => {
    const parts = partsOf(arn);
    return parts.length === arnParts && matchers.every((matches, at) => matches(parts[at] ?? ''));
  };
}

/** The last part keeps its colons. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [
    ...parts.slice(0, arnParts - 1),
    ...(parts.length < arnParts ? [] : [parts.slice(arnParts - 1).join(':')]),
  ];
}

interface Wildcards {
  readonly star: (next: string | undefined) => string;
  readonly one: string;
}

function matcher(pattern: string, { star, one }: Wildcards, flags = ''): Matches {
  const characters = [...pattern];
  const source = characters.map((character, at) => {
    if (character === '*') return star(characters[at + 1]);
    if (character === '?') return one;
    return character.replace(/[\\^$.|+()[\]{}/]/, '\\$&');
  });
  const expression = new RegExp(`^${source.join('')}$`, `su${flags}`);
  return (text) => expression.test(text);
}
