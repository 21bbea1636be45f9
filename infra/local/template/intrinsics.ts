/** Evaluates the CloudFormation intrinsics that the stack uses, and refuses every other one by name and place. */

/** Something in the template that the local stack cannot serve; the message names the resource. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}

export interface Lookup {
  /** Value of `Ref id` (attribute `Ref`) or `Fn::GetAtt id.attribute`. */
  attribute(id: string, attribute: string, owner: string): string;
  /** Applied to text that stands literally in the template. */
  literal(text: string): string;
  /** Applied to text that an intrinsic put together. */
  composed(text: string): string;
}

/** @returns a function that replaces all intrinsics in a value; `owner` is the logical id that errors name. */
export function createEvaluator(lookup: Lookup): (value: unknown, owner: string) => unknown {
  const evaluate = (value: unknown, owner: string): unknown => {
    if (typeof value === 'string') return lookup.composed(lookup.literal(value));
    if (Array.isArray(value)) return value.map((item) => evaluate(item, owner));
    if (value === null || typeof value !== 'object') return value;
    const [tag, argument] = soleEntry(value);
    if (tag !== undefined) {
      const result = intrinsic(tag, argument, owner);
      return typeof result === 'string' ? lookup.composed(result) : result;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item, owner)]));
  };

  const list = (value: unknown, owner: string): unknown[] => {
    const result = evaluate(value, owner);
    if (Array.isArray(result)) return result;
    throw new UnsupportedTemplateError(`${owner}: expected a list, found ${JSON.stringify(value)}`);
  };

  const attribute = (path: readonly string[], owner: string): string => {
    const [id = '', ...rest] = path;
    return lookup.attribute(id, rest.length === 0 ? 'Ref' : rest.join('.'), owner);
  };

  const substitute = (argument: unknown, owner: string): string => {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, object];
    const values = new Map(Object.entries(variables));
    return lookup.literal(text).replace(/\$\{(!?)([^}]+)\}/g, (_, escaped: string, name: string) => {
      if (escaped !== '') return `\${${name}}`;
      return values.has(name) ? String(evaluate(values.get(name), owner)) : attribute(name.split('.'), owner);
    });
  };

  const intrinsic = (tag: string, argument: unknown, owner: string): unknown => {
    switch (tag) {
      case 'Ref':
        return attribute([String(argument)], owner);
      case 'Fn::GetAtt':
        return attribute(typeof argument === 'string' ? argument.split('.') : (argument as string[]), owner);
      case 'Fn::Sub':
        return substitute(argument, owner);
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return list(parts, owner).join(separator);
      }
      case 'Fn::Split': {
        const [separator, value] = argument as [string, unknown];
        return String(evaluate(value, owner)).split(separator);
      }
      case 'Fn::Select': {
        const [index, values] = argument as [number | string, unknown];
        return chosen(list(values, owner), index, owner);
      }
      default:
        throw new UnsupportedTemplateError(`${owner}: the local stack does not resolve ${tag}`);
    }
  };

  return evaluate;
}

function chosen(values: readonly unknown[], index: number | string, owner: string): unknown {
  const value = values[Number(index)];
  if (value !== undefined) return value;
  throw new UnsupportedTemplateError(`${owner}: Fn::Select ${index} is out of range`);
}

function soleEntry(value: object): [tag: string | undefined, argument?: unknown] {
  const entries = Object.entries(value);
  const [tag, argument] = entries[0] ?? [];
  const isIntrinsic =
    entries.length === 1 && (tag === 'Ref' || tag === 'Condition' || tag?.startsWith('Fn::'));
  return isIntrinsic === true ? [tag, argument] : [undefined];
}
