/** Faults in a configuration as lines for a person: the field, what was given, what is allowed. */
import type * as z from 'zod';
import { fieldsAt, isObject, valueAt } from './paths.ts';

export interface ConfigurationProblem {
  /** Path of the field, such as `policy.otp.digits`. */
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

/** What the schema says about `given`, one problem a field, in the order of the file. */
export function problemsOf(error: z.ZodError, given: unknown, schema: z.ZodType): ConfigurationProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const names = fieldsAt(schema, given, path);
      return issue.keys.map((key) => ({
        field: [...path, key].join('.'),
        message: `there is no such field; use one of ${names.join(', ')}${suggestion(key, names)}`,
      }));
    }
    // Objects have no words of their own in the schema, everything else has.
    const allowed = issue.message.startsWith('Invalid input') ? 'an object' : issue.message;
    const message = refusal(valueAt(given, path), allowed, wordsOf(issue, allowed));
    return [
      { field: path.join('.') || '(the file)', message: `${message}${misspelled(issue, given, path)}` },
    ];
  });
}

/** Where a field decides which others there are and is not given, nothing else is said of the others. */
function misspelled(issue: z.core.$ZodIssue, given: unknown, path: readonly string[]): string {
  const parent = valueAt(given, path.slice(0, -1));
  if (issue.code !== 'invalid_union' || valueAt(given, path) !== undefined || !isObject(parent)) return '';
  const meant = nearest(path.at(-1) ?? '', Object.keys(parent));
  return meant === undefined ? '' : `; there is ${meant}, which is no field`;
}

/** Those that a field takes. There may be more than are worth listing. */
function wordsOf(issue: z.core.$ZodIssue, allowed: string): string[] {
  if (issue.code === 'invalid_value') return issue.values.filter((value) => typeof value === 'string');
  return allowed.startsWith('one of ') ? allowed.slice('one of '.length).split(', ') : [];
}

/** `"Hybird" is not allowed; use one of Hybrid, MFA; did you mean Hybrid?` */
export function refusal(value: unknown, allowed: string, words: readonly string[] = []): string {
  const stated = value === undefined ? 'it is missing' : `${shown(value)} is not allowed`;
  return `${stated}; use ${allowed}${suggestion(value, words)}`;
}

/** `; did you mean Hybrid?` when one candidate is near enough to be what was meant. */
export function suggestion(given: unknown, candidates: readonly string[]): string {
  if (typeof given !== 'string') return '';
  const meant = nearest(given, candidates) ?? sharingWords(given, candidates);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function nearest(given: string, candidates: readonly string[]): string | undefined {
  const [first] = candidates
    .map((candidate) => ({
      candidate,
      distance: editDistance(given.toLowerCase(), candidate.toLowerCase()),
    }))
    .toSorted((one, other) => one.distance - other.distance);
  if (first === undefined) return undefined;
  const { candidate, distance } = first;
  const isNear = distance <= Math.max(2, candidate.length / 3) && distance < candidate.length - 1;
  return isNear ? candidate : undefined;
}

/** The longest whose words are all in what was given, as in `Security Questions (KBA)`, or the one that has it inside. */
function sharingWords(given: string, candidates: readonly string[]): string | undefined {
  const words = wordsIn(given);
  const [longest] = candidates
    .filter((candidate) => candidate.length >= shortestPart)
    .filter((candidate) => wordsIn(candidate).every((word) => words.includes(word)))
    .toSorted((one, other) => other.length - one.length);
  if (longest !== undefined || given.length < shortestPart) return longest;
  const around = candidates.filter((candidate) => candidate.toLowerCase().includes(given.toLowerCase()));
  return around.length === 1 ? around[0] : undefined;
}

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** Characters: one or two are inside of any word. */
const shortestPart = 3;

const longestShown = 80;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
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
