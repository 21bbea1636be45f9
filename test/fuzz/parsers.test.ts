/** Every parser of outside input: total, in one form, quick on long texts, and safe from inherited names. */
import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { anyText, inherited, nearly, polluted } from './inputs.ts';
import { others, type Parser, parsers } from './parsers.ts';

/** Draws for each property; each run of the tests draws others. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 60);

afterEach(() => expect(polluted()).toEqual([]));

/** The result, or the refusal. @throws anything that the parser does not say it throws */
function readOrRefused({ read, refusals = [] }: Parser, text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (refusals.some((Refusal) => error instanceof Refusal && error.constructor === Refusal))
      return undefined;
    throw error;
  }
}

describe.each(Object.entries(parsers))('%s', (_, parser) => {
  test('takes what is valid', () => {
    const property = fc.property(parser.valid, (text) => {
      expect((parser.takes ?? isDefined)(parser.read(text))).toBe(true);
    });
    fc.assert(property);
  });

  test('refuses anything else in no way but its own', () => {
    const property = fc.property(fc.oneof(anyText, nearly(parser.valid), parser.odd ?? anyText), (text) => {
      expect(() => readOrRefused(parser, text)).not.toThrow();
    });
    fc.assert(property, { numRuns: runs, examples: inherited.map((name) => [name]) });
  });

  test('gives the same for the same', () => {
    const property = fc.property(fc.oneof(anyText, nearly(parser.valid), parser.odd ?? anyText), (text) => {
      expect(readOrRefused(parser, text)).toEqual(readOrRefused(parser, text));
    });
    fc.assert(property);
  });

  // Sixteen times the text takes sixteen times as long, and where the square of it is taken 256 times: the bound lies
  // between, in the time of this process alone, and what is too short to be measured is not.
  test('takes as long as its text, and not its square', () => {
    const pieces = ['a', ' ', '0', ...(parser.pieces ?? [])];
    const slow = pieces.flatMap((piece) =>
      ['', '!', '\n', '\n@'].flatMap((end) => {
        const timed = (length: number, times = 3) =>
          fastest(parser, piece.repeat(length / piece.length) + end, times);
        if (timed(8_000, 1) <= 64 * leastMeasured) return [];
        const short = Math.max(timed(500), leastMeasured);
        return timed(8_000) > 64 * short ? [JSON.stringify(piece + end)] : [];
      }),
    );
    expect(slow).toEqual([]);
  });
});

const isDefined = (result: unknown): boolean => result !== undefined;

/** Microseconds: below it, a measurement is of something else. */
const leastMeasured = 400;

function fastest(parser: Parser, text: string, times: number): number {
  const all = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    readOrRefused(parser, text);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...all);
}

const formed = Object.entries(parsers).filter(([, { form }]) => form !== undefined);

describe.each(formed)('%s gives one form', (_, parser) => {
  test('which it takes again, and leaves as it is', () => {
    const property = fc.property(
      fc.oneof(parser.valid, anyText, nearly(parser.valid), parser.odd ?? anyText),
      (text) => {
        const once = readOrRefused(parser, text);
        const form = once === undefined ? undefined : parser.form?.(once);
        if (form === undefined) return;
        expect(parser.read(form)).toEqual(once);
      },
    );
    fc.assert(property, { numRuns: runs });
    expect(parser.form).toBeDefined();
  });
});

test('the table of parsers has every exported function that is called like one', () => {
  const files = globSync([
    'shared/**/*.ts',
    'functions/**/*.ts',
    'infra/cli/**/*.ts',
    'infra/configuration/*.ts',
  ]);
  const called =
    /^export (?:async )?function ((?:read|parse|decrypt|normalise|fold|canonical|resolve)\w*|is[A-Z]\w*)/gm;
  const found = files.flatMap((file) =>
    Array.from(readFileSync(file, 'utf8').matchAll(called), ([, name = '']) => name),
  );
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((name) => !(name in parsers) && !(name in others))).toEqual([]);
  expect(Object.keys(others).filter((name) => !found.includes(name))).toEqual([]);
});
