/** Finds values and field names by their path in a configuration and in its schema. */

export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

/** Names of the fields that the schema has at a path. `given` decides between the variants of a union. */
export function fieldsAt(schema: unknown, given: unknown, path: readonly string[]): string[] {
  let inner = schema;
  let value = given;
  for (const key of path) {
    inner = elementOf(inner) ?? shapeOf(inner, value)?.[key];
    value = valueAt(value, [key]);
  }
  return Object.keys(shapeOf(inner, value) ?? {});
}

/** What zod shows of a schema, as far as it is needed here. */
interface Schema {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly def?: {
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly options?: readonly Schema[];
    readonly discriminator?: string;
  };
}

function shapeOf(schema: unknown, value: unknown): Readonly<Record<string, unknown>> | undefined {
  const { shape, def } = (schema ?? {}) as Schema;
  if (shape !== undefined) return shape;
  if (def?.innerType !== undefined) return shapeOf(def.innerType, value);
  const { options = [], discriminator = '' } = def ?? {};
  const variant = valueAt(value, [discriminator]);
  const chosen = options.find((option) => {
    const literal = option.shape?.[discriminator] as { readonly value?: unknown } | undefined;
    return literal?.value === variant;
  });
  return chosen?.shape;
}

/** What a list holds; `undefined` for anything else. */
function elementOf(schema: unknown): unknown {
  const { def } = (schema ?? {}) as Schema;
  return def?.innerType === undefined ? def?.element : elementOf(def.innerType);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
