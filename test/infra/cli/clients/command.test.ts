/** `clients add` and `scim add`: what is there already is replaced where that is said, and not by a slip. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mfaProgram } from '../../../../infra/cli/program.ts';
import { run } from '../../../../infra/cli/run.ts';
import { loadStage } from '../../../../infra/configuration/stage.ts';

const production = fileURLToPath(new URL('../../../../infra/stages/production.json', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clients-'));
  copyFileSync(production, join(folder, 'production.json'));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const file = () => join(folder, 'production.json');
const stage = () => loadStage('production', { folder });

/** What the command prints, on whichever stream, and how it ends. */
async function called(...words: readonly string[]) {
  const lines: string[] = [];
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((text: string) => lines.push(text));
  process.exitCode = undefined;
  await run(mfaProgram('mfa'), [...words, '--stages', folder]);
  vi.restoreAllMocks();
  return { text: lines.join('\n'), status: process.exitCode ?? 0 };
}

const digest = (secret: string) => createHash('sha256').update(secret).digest('hex');
const secretIn = (text: string) => /^ {2}([\w-]{43})$/m.exec(text)?.[1] ?? '';
const back = ['--redirect-uri', 'https://portal.example.com/callback'];

test('a secret is replaced where that is said, and what else the client has stays', async () => {
  await called('clients', 'add', 'portal', '--title', 'Portal', ...back);
  const before = readFileSync(file(), 'utf8');
  const refused = await called('clients', 'add', 'portal');
  expect(refused).toEqual({
    text: 'portal is there already: with --replace, its secret ends with the deployment',
    status: 2,
  });
  expect(readFileSync(file(), 'utf8')).toBe(before);
  const { text } = await called('clients', 'add', 'portal', '--replace');
  expect(text).toContain('another secret for it; the old one ends with the deployment');
  expect(stage().oidc?.clients).toEqual([
    {
      id: 'portal',
      name: 'Portal',
      redirectUris: ['https://portal.example.com/callback'],
      secretSha256: digest(secretIn(text)),
    },
  ]);
});

test.each([
  ['jwksUrl', 'https://portal.example.com/jwks', 'its JWKS (jwksUrl)'],
  ['jwks', { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] }, 'its JWKS'],
])('keys by %s are named before a secret takes their place, and after', async (field, keys, named) => {
  await called('clients', 'add', 'portal', ...back);
  const { oidc, ...others } = JSON.parse(readFileSync(file(), 'utf8'));
  const { secretSha256: _, ...client } = oidc.clients[0];
  const withKeys = JSON.stringify({ ...others, oidc: { clients: [{ ...client, [field]: keys }] } });
  writeFileSync(file(), withKeys);
  const refused = await called('clients', 'add', 'portal');
  expect(refused.text).toBe(`portal is there already: with --replace, ${named} ends with the deployment`);
  expect(readFileSync(file(), 'utf8')).toBe(withKeys);
  const { text } = await called('clients', 'add', 'portal', '--replace');
  expect(text).toContain(`a secret in place of ${named}, which ends with the deployment`);
  expect(stage().oidc?.clients?.[0]).toEqual({ ...client, secretSha256: digest(secretIn(text)) });
});

test('so is the token of a directory, whose tenant stays', async () => {
  const tenant = '0a1b2c3d-0000-4000-8000-000000000001';
  await called('scim', 'add', 'entra', '--tenant', tenant);
  expect(await called('scim', 'add', 'entra')).toEqual({
    text: 'entra is there already: with --replace, its token ends with the deployment',
    status: 2,
  });
  const { text } = await called('scim', 'add', 'entra', '--replace');
  expect(text).toContain('another token for it; the old one ends with the deployment');
  expect(stage().directory?.connections).toEqual([
    { name: 'entra', tenantId: tenant, tokenSha256: digest(secretIn(text)) },
  ]);
});

test.each([
  ['clients', 'portal'],
  ['scim', 'entra'],
])('%s: one that is not there is not replaced, and the one that was meant is named', async (group, name) => {
  await called(group, 'add', name, ...(group === 'clients' ? back : []));
  const typed = `${name}s`;
  expect(await called(group, 'add', typed, '--replace', ...(group === 'clients' ? back : []))).toEqual({
    text: `${typed} is not there yet: leave --replace out; did you mean ${name}?`,
    status: 2,
  });
});
