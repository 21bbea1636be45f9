import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stages-'));
  cpSync(join(root, 'infra/stages'), folder, { recursive: true });
});

/** What the command prints and exits with, as somebody at a terminal sees it. */
function policy(...args: string[]): string {
  const command = [join(root, 'infra/cli/policy.ts'), ...args, '--stages', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  return `${stdout}${stderr}exit ${status}`.replaceAll(folder, 'stages');
}

const lines = (...text: string[]): string => text.join('\n');
const file = (name = 'production') => readFileSync(join(folder, `${name}.json`), 'utf8');

describe('npm run policy', () => {
  it('changes a value, shows the difference and says how it is deployed', () => {
    expect(policy('mode', '-s', 'MFA')).toBe(
      lines('production.json', '  policy.mode: Hybrid -> MFA', 'Then: npm run deploy', 'exit 0'),
    );
    expect(policy('mode', '-g')).toBe(lines('MFA', 'exit 0'));
  });

  it('leaves every other character of the file as it was', () => {
    const before = file();
    policy('mfa-method', '-s', 'SMS');
    expect(file()).toBe(before.replace('"mfaMethod": "All"', '"mfaMethod": "SMS"'));
  });

  it('adds what the file left to the default', () => {
    const before = file();
    policy('security-codes', '-s', 'both');
    policy('forgot-phone', '--enable');
    expect(file()).toBe(
      before.replace(
        '"mfaMethod": "All"',
        '"mfaMethod": "All",\n    "securityCodes": "both",\n    "forgotPhone": { "enabled": true }',
      ),
    );
  });

  it('takes any case and writes the word as it is spelled', () => {
    expect(policy('MODE', '-s', 'directfidoauth')).toContain('policy.mode: Hybrid -> DirectFidoAuth');
    expect(policy('users-select', '-s', 'TRUE')).toContain('policy.forgotPhone.usersSelect: false -> true');
  });

  it('says when there is nothing to do', () => {
    const before = file();
    expect(policy('mode', '-s', 'hybrid')).toBe(
      lines('policy.mode is Hybrid already: nothing to do', 'exit 0'),
    );
    expect(file()).toBe(before);
  });

  it('switches Forgot Phone and its method together, and warns of what is weak', () => {
    expect(policy('forgot-phone', '--enable', '-s', 'kba')).toBe(
      lines(
        'production.json',
        '  policy.forgotPhone.enabled: false -> true',
        '  policy.forgotPhone.method: otp-alternate-email -> kba',
        'Warning: policy.forgotPhone.method is "kba": answers to questions that others may know or find are all it takes. kba+otp-alternate-email is stronger.',
        'Then: npm run deploy',
        'exit 0',
      ),
    );
    expect(policy('forgot-phone', '--disable')).toContain('policy.forgotPhone.enabled: true -> false');
    expect(policy('forgot-phone')).toBe(lines('disabled, kba', 'exit 0'));
  });

  it('shows everything when it is asked nothing', () => {
    expect(policy()).toBe(
      lines(
        'mode: Hybrid',
        'mfa-method: All',
        'forgot-phone: disabled, otp-alternate-email',
        'users-select: false',
        'security-codes: none',
        'exit 0',
      ),
    );
  });

  it('works on the stage that is named, and says what starts that one', () => {
    writeFileSync(join(folder, 'trial.json'), file());
    expect(policy('mode', '-s', 'MFA', '--stage', 'trial')).toBe(
      lines('trial.json', '  policy.mode: Hybrid -> MFA', 'Then: npm run deploy -- -c stage=trial', 'exit 0'),
    );
    expect(policy('mode')).toBe(lines('Hybrid', 'exit 0'));
    expect(policy('mode', '-s', 'MFA', '--stage', 'local')).toContain('Then: npm start');
  });

  it.each([
    [
      ['mode', '-s', 'hybird'],
      'mode: "hybird" is not allowed; use one of Hybrid, MFA, DirectFidoAuth; did you mean Hybrid?',
    ],
    [
      ['mfamethod', '-s', 'SMS'],
      'mfamethod: there is no such command; use one of mode, mfa-method, forgot-phone, users-select, security-codes; did you mean mfa-method?',
    ],
    [['mode', '--sett', 'MFA'], '--sett: there is no such option; did you mean --set?'],
    [['mode', 'MFA'], 'MFA: too many words; a value is given with -s, as in -s MFA'],
    [['mode', '--enable'], '--enable and --disable belong to forgot-phone; use -s'],
    [['forgot-phone', '--enable', '--disable'], 'use either --enable or --disable'],
    [['mode', '-g', '-s', 'MFA'], '-g reads and -s changes: use one of them'],
    [['-s', 'MFA'], 'say what to set: mode, mfa-method, forgot-phone, users-select, security-codes'],
    [
      ['mode', '--stage', 'prodution'],
      'stage prodution is not valid:\n  stage: "prodution" is not allowed; use one of local, production; did you mean production?',
    ],
    [
      ['mfa-method', '-s', 'Call'],
      'stages/production.json is not valid:\n  policy.mfaMethod: "Call" is not allowed; use All, SMS or Email, or configure voice: calls need Amazon Connect',
    ],
  ])('refuses %j, says what was meant, and changes nothing', (args, message) => {
    const before = file();
    expect(policy(...args)).toBe(lines(message, 'exit 2'));
    expect(file()).toBe(before);
  });

  it('explains itself', () => {
    expect(policy('--help')).toContain('Usage: npm run policy -- <command>');
    expect(policy('security-codes', '--help')).toContain('-s none|static|one-time|both');
  });
});
