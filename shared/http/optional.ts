/** A field that may be left out: `null` says the same. */
import * as z from 'zod/mini';

export function optional<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.optional(z.nullable(schema)),
    z.transform((value): z.output<Schema> | undefined => value ?? undefined),
  );
}
