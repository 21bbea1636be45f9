/** The conditions of a statement: which operators are known, and whether one holds for a request. */
import { type ConditionKey, type Context, conditionKeys, isConditionKey } from './asked.ts';
import { arnMatcher, type Matches, textMatcher } from './wildcards.ts';

export interface Condition {
  readonly key: ConditionKey;
  holds(context: Context): boolean;
}

/** Names what stands in the statement and is not known. */
export type Refuse = (what: string) => never;

/** Operators by name, each with what compares a value of the policy to one of the request. A negated one holds when no
 * value of the policy matches.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: Readonly<Record<string, { compare(value: string): Matches | undefined; negated?: true }>> = {
  StringEquals: { compare: equals },
  StringNotEquals: { compare: equals, negated: true },
  StringLike: { compare: textMatcher },
  StringNotLike: { compare: textMatcher, negated: true },
  ArnEquals: { compare: arnMatcher },
  ArnNotEquals: { compare: arnMatcher, negated: true },
  ArnLike: { compare: arnMatcher },
  ArnNotLike: { compare: arnMatcher, negated: true },
  Bool: { compare: truth },
};

/** All of them must hold; of the values of one, any.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
export function readConditions(block: unknown, refuse: Refuse): Condition[] {
  return entries(block, refuse).flatMap(([operator, keys]) =>
    entries(keys, refuse).map(([key, values]) =>
      readCondition(operator, key, textsOf(values, refuse), refuse),
    ),
  );
}

function readCondition(name: string, key: string, values: readonly string[], refuse: Refuse): Condition {
  if (!isConditionKey(key)) return refuse(`the condition key ${key}`);
  if (name === 'Null') return nullCondition(key, values, refuse);
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = Object.hasOwn(operators, base) ? operators[base] : undefined;
  if (operator === undefined) return refuse(`the condition operator ${name}`);
  // No page says what they make of a missing key together.
  if (set === 'ForAnyValue' && ifExists !== undefined) return refuse(`the condition operator ${name}`);
  checkSet(key, set, refuse);
  const matchers = values.map(
    (value) => operator.compare(value) ?? refuse(`${value}, which is no value for it, under ${name}`),
  );
  const isMatch = (text: string) => matchers.some((matches) => matches(text)) !== (operator.negated === true);
  const whenAbsent = absent(set, operator.negated === true || ifExists !== undefined);
  return {
    key,
    holds(context) {
      const present = context[key];
      if (present === undefined || present.length === 0) return whenAbsent;
      return set === 'ForAnyValue' ? present.some(isMatch) : present.every(isMatch);
    },
  };
}

/** `ForAllValues` is true where the request has no such key, and `ForAnyValue` false:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * Otherwise a missing key makes a condition false, but a negated one or one with `IfExists` true. */
function absent(set: string | undefined, isTrueAlone: boolean): boolean {
  if (set === 'ForAllValues') return true;
  return set === 'ForAnyValue' ? false : isTrueAlone;
}

/** AWS: keys with several values require a set operator, and those with one must not have it; same page as above. */
function checkSet(key: ConditionKey, set: string | undefined, refuse: Refuse): void {
  if (conditionKeys[key] === 'several' && set === undefined) {
    refuse(`${key} without ForAllValues or ForAnyValue, which AWS requires for it`);
  }
  if (conditionKeys[key] === 'one' && set !== undefined) {
    refuse(`${set} on ${key}, which has one value: AWS says not to`);
  }
}

/** `true`: the key is absent, `false`: it is there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null */
function nullCondition(key: ConditionKey, values: readonly string[], refuse: Refuse): Condition {
  const [value] = values;
  if (values.length !== 1 || (value !== 'true' && value !== 'false')) {
    return refuse('Null with something else than true or false');
  }
  return { key, holds: (context) => ((context[key]?.length ?? 0) === 0) === (value === 'true') };
}

/** @returns undefined for what is neither. */
function truth(value: string): Matches | undefined {
  const given = value.toLowerCase();
  return given === 'true' || given === 'false' ? (text) => text.toLowerCase() === given : undefined;
}

function equals(value: string): Matches {
  return (text) => text === value;
}

function entries(value: unknown, refuse: Refuse): [string, unknown][] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return Object.entries(value);
  return refuse('a Condition that is no object');
}

/** One text or a list of some, booleans written out. Policy variables would need the values of other keys. */
export function textsOf(value: unknown, refuse: Refuse): string[] {
  const list = [value].flat();
  // Whatever is none of these would be everything.
  if (list.length === 0) return refuse('an empty list');
  return list.map((item) => {
    if (typeof item === 'boolean') return String(item);
    if (typeof item !== 'string') return refuse(`${JSON.stringify(item)} in place of text`);
    if (item.includes('${')) return refuse(`the policy variable in ${item}`);
    return item;
  });
}
