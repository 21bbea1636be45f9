/** docs/stage.md lists every field of a stage's file with what the schema allows and requires, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type * as z from 'zod';
import { locales, stageSchema } from '../../infra/configuration/schema.ts';
import { loadStage } from '../../infra/configuration/stage.ts';

const page = readFileSync(new URL('../../docs/stage.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, field = '', allowed, standard = '', meaning]) => ({
    field: field.replaceAll('`', ''),
    allowed,
    standard,
    meaning,
  }));

interface Field {
  readonly path: string;
  readonly required: boolean;
  /** What a value that is none is told. */
  readonly allowed: string;
}

/** What zod shows of a schema, as far as it is needed here. */
interface Shown {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly def: {
    readonly type: string;
    readonly innerType?: z.ZodType;
    readonly element?: z.ZodType;
    readonly options?: readonly z.ZodType[];
  };
}

/** Groups have rows where they may be left out as a whole, or are lists. */
function fieldsOf(schema: z.ZodType, path: string, required = true): Field[] {
  const { shape, def } = schema as unknown as Shown;
  if (def.innerType !== undefined) return fieldsOf(def.innerType, path, false);
  const itself = { path, required, allowed: schema.safeParse(null).error?.issues[0]?.message ?? '' };
  if (path === 'policy') return [itself];
  if (def.options !== undefined) {
    const [, ...inner] = def.options.flatMap((option) => fieldsOf(option, path));
    return [{ ...itself, path: `${path}.issuer` }, ...inner.filter((field) => !/issuer$/.test(field.path))];
  }
  if (shape !== undefined) {
    const inner = Object.entries(shape).flatMap(([name, field]) =>
      fieldsOf(field, path === '' ? name : `${path}.${name}`),
    );
    return path === 'voice' ? [itself, ...inner] : inner;
  }
  if (def.element === undefined || (def.element as unknown as Shown).shape === undefined) return [itself];
  return [itself, ...fieldsOf(def.element, `${path}[]`)];
}

const language = new RegExp(`\\.(?:${locales.join('|')})$`);
const fields = new Map(
  fieldsOf(stageSchema, '').map((field) => {
    const path = field.path.replace(language, '.<locale>');
    return [path, { ...field, path }] as const;
  }),
);

/** Where the schema's own words are about more than the value. */
const allowedWords: Record<string, string> = {
  policy: 'see [the policy](policy.md)',
  voice: 'the fields below, or leave it out',
};

test('every field of a stage has a row, and every row a field and a meaning', () => {
  expect(rows.map(({ field }) => field)).toEqual([...fields.keys()]);
  expect(rows.filter(({ meaning }) => !meaning)).toEqual([]);
});

test.each(rows)('$field is required or not, and takes what is documented', ({ field, allowed, standard }) => {
  const inSchema = fields.get(field) as Field;
  expect(allowed).toBe(allowedWords[field] ?? inSchema.allowed);
  expect(standard.startsWith('required')).toBe(inSchema.required);
  expect(standard).not.toBe('');
});

test('the examples are ones that a stage takes', () => {
  const shown = Array.from(page.matchAll(/^```json\n([\s\S]*?)^```$/gm), ([, block = '']) => block);
  const overrides = shown.map((block) => JSON.parse(`{${block}}`));
  expect(overrides.map((each) => Object.keys(each))).toEqual([
    ['decoys'],
    ...['own', 'Entra ID', 'Okta', 'Keycloak'].map(() => ['tokens']),
    ['voice'],
  ]);
  for (const each of overrides) {
    expect(loadStage('production', { overrides: each })).toMatchObject(
      'voice' in each ? each : { tokens: { ...each.tokens } },
    );
  }
});
