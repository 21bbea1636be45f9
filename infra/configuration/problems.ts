/** Faults in a configuration as lines for a person: the field, what was given, what is allowed. */
import type * as z from 'zod';

export interface ConfigurationProblem {
  /** `policy.otp.digits`. */
  readonly field: string;
  readonly message: string;
}

/** Stops synth; its message has a line for every fault. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigurationProblem[];

  constructor(source: string, problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ field, message }) => `  ${field}: ${message}`);
    super(`${source} is not valid:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

export function problemsOf(error: z.ZodError, given: unknown, known: z.ZodType): ConfigurationProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const names = fieldsAt(known, path);
      return issue.keys.map((key) => ({
        field: [...path, key].join('.'),
        message: `there is no such field${suggestion(key, names)}`,
      }));
    }
    const value = at(given, path);
    const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    const stated = value === undefined ? 'is missing' : `${JSON.stringify(value)} is not allowed`;
    const use = issue.message.startsWith('Invalid input') ? 'an object' : issue.message;
    return [
      {
        field: path.join('.') || '(the file)',
        message: `${stated}; use ${use}${suggestion(value, allowed)}`,
      },
    ];
  });
}

/** `; did you mean Hybrid?` when one candidate is near enough to be what was meant. */
export function suggestion(given: unknown, candidates: readonly string[]): string {
  if (typeof given !== 'string') return '';
  const distances = candidates.map((candidate) => ({
    candidate,
    distance: editDistance(given.toLowerCase(), candidate.toLowerCase()),
  }));
  const [nearest] = distances.toSorted((one, other) => one.distance - other.distance);
  return nearest && nearest.distance <= Math.max(2, nearest.candidate.length / 3)
    ? `; did you mean ${nearest.candidate}?`
    : '';
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function fieldsAt(schema: z.ZodType, path: readonly string[]): string[] {
  let inner: unknown = schema;
  for (const key of path) inner = shapeOf(inner)?.[key];
  return Object.keys(shapeOf(inner) ?? {});
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const { shape, def } = (schema ?? {}) as { shape?: Record<string, unknown>; def?: { innerType?: unknown } };
  return shape ?? (def?.innerType === undefined ? undefined : shapeOf(def.innerType));
}

/** Levenshtein distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [i, a] of Array.from(one).entries()) {
    const next = [i + 1];
    for (const [j, b] of Array.from(other).entries()) {
      const substituted = (row[j] as number) + (a === b ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
