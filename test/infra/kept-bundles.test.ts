/** Bundles are made anew whenever anything changes that they are made of, and once for all that take them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOfSources, takeKept } from '../../infra/kept-bundles.ts';
import { assembly } from '../synthesized.ts';

interface Meta {
  readonly inputs: Readonly<Record<string, unknown>>;
}

test('every file that a bundle is made of is a source that counts, or comes with a package', async () => {
  const metas: Meta[] = JSON.parse(readFileSync(join(await assembly(), 'bundles/meta.json'), 'utf8'));
  const inputs = new Set(metas.flatMap((meta) => Object.keys(meta.inputs)));
  expect(inputs.size).toBeGreaterThan(200);
  const others = [...inputs].filter((input) => !/^(?:functions|shared|node_modules)\//.test(input));
  expect(others).toEqual([]);
});

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'sources-'));
  for (const folder of ['functions/users', 'shared', 'infra'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'functions/users/handler.ts'), '1');
  return root;
}

test.each([
  'functions/users/handler.ts',
  'shared/new.json',
  'infra/bundles.ts',
  'package-lock.json',
  'tsconfig.json',
])('another %s makes another digest', (file) => {
  const root = project();
  const before = digestOfSources(root);
  expect(digestOfSources(root)).toBe(before);
  writeFileSync(join(root, file), '2');
  expect(digestOfSources(root)).not.toBe(before);
});

test('the same sources are bundled once, at the same time twice at most, and what failed is not kept', async () => {
  const root = project();
  let made = 0;
  const make = async (folder: string) => {
    made += 1;
    writeFileSync(join(folder, 'index.js'), 'made');
  };
  const taken = (name: string) => readFileSync(join(root, name, 'index.js'), 'utf8');
  const failing = () => Promise.reject(new Error('planted'));
  await expect(takeKept(root, join(root, 'a'), failing)).rejects.toThrow('planted');
  expect(existsSync(join(root, 'a'))).toBe(false);
  await Promise.all(['a', 'b'].map((name) => takeKept(root, join(root, name), make)));
  await takeKept(root, join(root, 'c'), make);
  expect(['a', 'b', 'c'].map(taken)).toEqual(['made', 'made', 'made']);
  expect(made).toBeLessThanOrEqual(2);
  writeFileSync(join(root, 'shared/new.ts'), '');
  const before = made;
  await takeKept(root, join(root, 'c'), make);
  expect(made).toBe(before + 1);
});

test('what was made while a source changed is made anew', async () => {
  const root = project();
  const source = join(root, 'shared/new.ts');
  let made = 0;
  const saves = async (folder: string) => {
    made += 1;
    writeFileSync(join(folder, 'index.js'), String(made));
    if (made === 1) writeFileSync(source, 'saved');
  };
  await takeKept(root, join(root, 'a'), saves);
  expect(readFileSync(join(root, 'a/index.js'), 'utf8')).toBe('2');
  rmSync(source);
  await takeKept(root, join(root, 'a'), saves);
  expect(made).toBe(3); // nothing was kept for the sources as they were at first
});
