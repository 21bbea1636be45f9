/** The page about the local stack's rights cites what its code cites. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conditionKeys } from '../../infra/local/iam/asked.ts';
import { root } from './pages.ts';

const page = readFileSync(join(root, 'docs/local-iam.md'), 'utf8');
const cited = (text: string) =>
  Array.from(text.matchAll(/https:\/\/docs\.aws\.amazon\.com\/[\w./-]+\.html/g), ([address]) => address);

test('lists every page of AWS that a rule cites, and no other', () => {
  const code = globSync('infra/local/iam/*.ts', { cwd: root }).map((path) =>
    readFileSync(join(root, path), 'utf8'),
  );
  expect(new Set(cited(page))).toEqual(new Set(code.flatMap(cited)));
});

test('names every condition key that is judged but those of logs, which no function asks for', () => {
  const named = Object.keys(conditionKeys).filter((key) => !page.includes(`\`${key}\``));
  expect(named).toEqual(['kms:EncryptionContext:aws:logs:arn']);
});
