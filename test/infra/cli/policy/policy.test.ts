/** `npm run policy` as administrators use it: what it changes, prints and refuses. */
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { refuseKeptByNpm } from '../../../../infra/cli/kept-by-npm.ts';
import { policyCommand } from '../../../../infra/cli/policy/command.ts';
import { policyProgram } from '../../../../infra/cli/policy/program.ts';
import { run } from '../../../../infra/cli/run.ts';
import { deployment } from '../../../../infra/cli/stage-file.ts';
import type { PolicyOverrides } from '../../../../infra/configuration/policy-schema.ts';
import { completePolicy } from '../../../../infra/configuration/stage.ts';
import { policyBounds } from '../../../../shared/domain/policy/policy.ts';
import { policyVersion } from '../../../../shared/domain/policy/policy-version.ts';
import { printedBy } from '../../../support/printed-by.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stages-'));
  cpSync(join(root, 'infra/stages'), folder, { recursive: true });
});

/** What the command prints and exits with, as somebody at a terminal sees it. */
async function policy(...args: string[]): Promise<string> {
  return (await inFolder(folder, ...args)).replaceAll(folder, 'stages');
}

async function inFolder(stages: string, ...args: string[]): Promise<string> {
  process.chdir(folder);
  try {
    return await printedBy(() => run(policyProgram(), [...args, '--stages', stages]));
  } finally {
    process.chdir(root);
  }
}

/** The last line of a change in a folder other than the project's own. */
const deploy = (stage: string) => `Then: npm run deploy -- -c stage=${stage} -c stages=stages`;
/** The line of a change that says what logs will name. */
const version = (policy: PolicyOverrides) => `  version: ${policyVersion(completePolicy(policy))}`;
const allowedModes = 'is not allowed; use one of Hybrid, MFA, DirectFidoAuth';
const allowedWaysBack = 'is not allowed; use one of otp-alternate-email, kba+otp-alternate-email, kba';
const lines = (...text: string[]): string => text.join('\n');
const file = (name = 'production') => readFileSync(join(folder, `${name}.json`), 'utf8');

describe('npm run policy', () => {
  it('changes a value, shows the difference and says how it is deployed', async () => {
    expect(await policy('mode', '-s', 'MFA')).toBe(
      lines(
        'production.json',
        '  policy.mode: Hybrid → MFA',
        version({ mode: 'MFA' }),
        deploy('production'),
        'exit 0',
      ),
    );
    expect(await policy('mode', '-g')).toBe(lines('MFA', 'exit 0'));
  });

  it('leaves every other character of the file as it was', async () => {
    const before = file();
    await policy('mfa-method', '-s', 'SMS');
    expect(file()).toBe(before.replace('"mfaMethod": "All"', '"mfaMethod": "SMS"'));
  });

  it('adds what the file left to the default', async () => {
    const before = file();
    await policy('security-codes', '-s', 'both');
    await policy('forgot-phone', '--enable');
    expect(file()).toBe(
      before.replace(
        '"mfaMethod": "All"',
        '"mfaMethod": "All",\n    "securityCodes": "both",\n    "forgotPhone": { "enabled": true }',
      ),
    );
  });

  it('takes any case and writes the word as it is spelled', async () => {
    expect(await policy('MODE', '-s', 'directfidoauth')).toContain('policy.mode: Hybrid → DirectFidoAuth');
    expect(await policy('users-select', '-s', 'TRUE')).toContain(
      'policy.forgotPhone.usersSelect: false → true',
    );
  });

  it('takes the words that people have for yes and no', async () => {
    expect(await policy('users-select', '-s', 'on')).toContain(
      'policy.forgotPhone.usersSelect: false → true',
    );
    expect(await policy('users-select', '-s', 'No')).toContain(
      'policy.forgotPhone.usersSelect: true → false',
    );
  });

  it.each([
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('reads a file with %s, and leaves it that', async (_, saved) => {
    const before = file();
    writeFileSync(join(folder, 'production.json'), saved(before));
    await policy('mode', '-s', 'MFA');
    await policy('security-codes', '-s', 'both');
    const after = before
      .replace('Hybrid', 'MFA')
      .replace('"mfaMethod": "All"', '"mfaMethod": "All",\n    "securityCodes": "both"');
    expect(file()).toBe(saved(after));
  });

  it('answers programs with one JSON value', async () => {
    const json = async (...args: string[]) =>
      JSON.parse((await policy(...args, '--json')).replace('exit 0', ''));
    expect(await json('mode')).toEqual({ value: 'Hybrid', allowed: ['Hybrid', 'MFA', 'DirectFidoAuth'] });
    expect(await json('forgot-phone', '-g')).toEqual({ value: 'otp-alternate-email', enabled: false });
    expect(await json()).toMatchObject({ mode: { value: 'Hybrid' }, 'security-codes': { value: 'none' } });
    expect(await json('show')).toMatchObject({ version: expect.any(String), policy: { otp: { digits: 6 } } });
    expect(await json('mode', '-s', 'MFA')).toMatchObject({
      file: 'production.json',
      changed: [{ field: 'policy.mode', before: 'Hybrid', after: 'MFA' }],
      warnings: [],
    });
  });

  it('says when there is nothing to do', async () => {
    const before = file();
    expect(await policy('mode', '-s', 'hybrid')).toBe(
      lines('policy.mode is Hybrid already: nothing to do', 'exit 0'),
    );
    expect(file()).toBe(before);
  });

  it('switches Forgot Phone and its method together, and warns of what is weak', async () => {
    expect(await policy('forgot-phone', '--enable', '-s', 'kba')).toBe(
      lines(
        'production.json',
        '  policy.forgotPhone.enabled: false → true',
        '  policy.forgotPhone.method: otp-alternate-email → kba',
        version({ forgotPhone: { enabled: true, method: 'kba' } }),
        'Warning: policy.forgotPhone.method is "kba": answers to questions that others may know or find are all it takes. kba+otp-alternate-email is stronger.',
        deploy('production'),
        'exit 0',
      ),
    );
    expect(await policy('forgot-phone', '--disable')).toContain('policy.forgotPhone.enabled: true → false');
    expect(await policy('forgot-phone', '-g')).toBe(lines('disabled, kba', 'exit 0'));
  });

  it('warns of a change that has no effect, and of nothing that the change does not concern', async () => {
    await policy('forgot-phone', '--enable', '-s', 'kba');
    expect(await policy('mfa-method', '-s', 'SMS')).not.toContain('Warning');
    expect(await policy('mode', '-s', 'MFA')).not.toContain('Warning');
    expect(await policy('mode', '-s', 'DirectFidoAuth')).toMatch(
      /^Warning: .*policy\.forgotPhone has no effect\.$/m,
    );
    expect(await policy('security-codes', '-s', 'both')).toMatch(
      /^Warning: .*securityCodes have no effect\.$/m,
    );
    expect(await policy('mfa-method', '-s', 'All')).not.toContain('Warning');

    await policy('mode', '-s', 'Hybrid');
    expect(await policy('forgot-phone', '--disable')).not.toContain('Warning');
    expect(await policy('users-select', '-s', 'true')).toMatch(
      /^Warning: policy\.forgotPhone\.usersSelect has no/m,
    );
  });

  it('says what a setting is and what it may become', async () => {
    expect(await policy('mode')).toBe(lines('Hybrid', 'Allowed: -s Hybrid|MFA|DirectFidoAuth', 'exit 0'));
    expect(await policy('forgot-phone')).toBe(
      lines(
        'disabled, otp-alternate-email',
        'Allowed: --enable or --disable, -s otp-alternate-email|kba+otp-alternate-email|kba',
        'exit 0',
      ),
    );
  });

  it('shows every field of the policy, also those that the file leaves to the default', async () => {
    const shown = (await policy('show')).split('\n').slice(0, -1);
    expect(shown).toEqual(
      expect.arrayContaining([
        version({}).trim(),
        'policy.mode: Hybrid',
        'policy.forgotPhone.enabled: false',
        'policy.otp.lifetimeSeconds: 300',
        'policy.sends.gapsSeconds: 30, 60, 120',
      ]),
    );
    const bounded = Object.keys(policyBounds).map((path) => `policy.${path}`);
    expect(shown.map((line) => line.split(':')[0])).toEqual(expect.arrayContaining(bounded));
  });

  it('shows the settings in the words that change them when it is asked nothing', async () => {
    expect(await policy()).toBe(
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

  it('works on the stage that is named, and says what starts that one', async () => {
    writeFileSync(join(folder, 'trial.json'), file());
    expect(await policy('mode', '-s', 'MFA', '--stage', 'trial')).toBe(
      lines('trial.json', '  policy.mode: Hybrid → MFA', version({ mode: 'MFA' }), deploy('trial'), 'exit 0'),
    );
    expect(await policy('mode', '-g')).toBe(lines('Hybrid', 'exit 0'));
    expect(await policy('mode', '-s', 'MFA', '--stage', 'local')).toContain(deploy('local'));
  });

  it.each([
    [
      ['mode', '-s', 'hybird'],
      'mode: "hybird" is not allowed; use one of Hybrid, MFA, DirectFidoAuth; did you mean Hybrid?',
    ],
    [
      ['mfamethod', '-s', 'SMS'],
      'mfamethod: there is no such command; use one of mode, mfa-method, forgot-phone, users-select, security-codes, show; did you mean mfa-method?',
    ],
    [['mode', '-s', 'FIDO'], `mode: "FIDO" ${allowedModes}; did you mean DirectFidoAuth?`],
    [
      ['mfa-method', '-s', 'Phone'],
      'mfa-method: "Phone" is not allowed; use one of All, SMS, Email, Call; did you mean SMS or Call?',
    ],
    [
      ['forgot-phone', '-s', 'Security Questions (KBA)'],
      `forgot-phone: "Security Questions (KBA)" ${allowedWaysBack}; did you mean kba?`,
    ],
    [
      ['forgot-phone', '-s', 'Security Questions (KBA) and OTP over Alternate Email'],
      /; did you mean kba\+otp-alternate-email\?$/m,
    ],
    [['forgot-phone', '-s', 'on'], `forgot-phone: "on" ${allowedWaysBack}; did you mean --enable?`],
    [
      ['security-codes', '-s', 'Allow Both Codes Types'],
      'security-codes: "Allow Both Codes Types" is not allowed; use one of none, static, one-time, both; did you mean both?',
    ],
    [['mode', '--sett', 'MFA'], "unknown option '--sett'\n(Did you mean --set?)"],
    [['help', 'mod'], /^mod: there is no such command; .*; did you mean mode\?$/m],
    [['mode', '-s'], "option '-s, --set <VALUE>' argument missing"],
    [
      ['mode', 'MFA'],
      'MFA: too many words; a value is given with -s, after --, as in npm run policy -- mode -s MFA',
    ],
    [
      ['mode', 'trial', 'mfa'],
      'trial mfa: too many words; a value is given with -s, after --, as in npm run policy -- mode -s mfa',
    ],
    [
      ['mode', '-s', 'MFA', '--set', 'Hybrid'],
      "option '-s, --set <VALUE>' argument 'Hybrid' is invalid. It is given twice; use it once.",
    ],
    [
      ['otp.digits', '-s', '8'],
      'otp.digits: no command sets it; write it into stages/production.json, see docs/policy.md',
    ],
    [
      ['policy.sends.countries', '--stage', 'local'],
      'policy.sends.countries: no command sets it; write it into stages/local.json, see docs/policy.md',
    ],
    [['forgotPhone.enabled', '-s', 'true'], 'forgotPhone.enabled: it is set with forgot-phone'],
    [
      ['otp.digit'],
      'otp.digit: there is no such command; use one of mode, mfa-method, forgot-phone, users-select, security-codes, show',
    ],
    [['mode', '--enable'], '--enable and --disable belong to forgot-phone; use -s'],
    [['forgot-phone', '--enable', '--disable'], "option '--enable' cannot be used with option '--disable'"],
    [['mode', '-g', '-s', 'MFA'], "option '-g, --get' cannot be used with option '-s, --set <VALUE>'"],
    [['show', 'mode'], 'mode: too many words'],
    [['-s', 'MFA'], 'say what to set: mode, mfa-method, forgot-phone, users-select, security-codes'],
    [
      ['mode', '--stage', 'prodution'],
      'stage prodution is not valid:\n  stage: "prodution" is not allowed; use one of local, production; did you mean production?',
    ],
    [
      ['mfa-method', '-s', 'Call'],
      'stages/production.json is not valid:\n  policy.mfaMethod: "Call" is not allowed; use All, SMS or Email, or configure voice: calls need Amazon Connect',
    ],
  ])('refuses %j, says what was meant, and changes nothing', async (args, message) => {
    const before = file();
    const printed = (await policy(...args)).replace(/^Next: npm run policy -- .*--help\n/m, '');
    if (typeof message === 'string') expect(printed).toBe(lines(message, 'exit 2'));
    else expect(printed).toMatch(message);
    expect(printed).toMatch(/\nexit 2$/);
    expect(file()).toBe(before);
  });

  it('puts right what is wrong in the file, and nothing else that is', async () => {
    writeFileSync(join(folder, 'production.json'), file().replace('"Hybrid"', '"Hybird"'));
    expect(await policy('mfa-method', '-s', 'SMS')).toContain('policy.mode: "Hybird" is not allowed');
    expect(await policy('mode', '-s', 'Hybrid')).toContain('policy.mode: Hybird → Hybrid');
    expect(await policy('mfa-method', '-s', 'SMS')).toContain('policy.mfaMethod: All → SMS');
  });

  it('refuses to change a field that the file names twice', async () => {
    writeFileSync(join(folder, 'production.json'), file().replace('"mode"', '"mode": "MFA",\n    "mode"'));
    const before = file();
    expect(await policy('mode', '-s', 'DirectFidoAuth')).toBe(
      lines(
        'stages/production.json is not valid:',
        '  policy.mode: the file names it, or what it stands in, twice; remove one',
        'exit 2',
      ),
    );
    expect(file()).toBe(before);
  });

  it('replaces the file whole, leaves nothing beside it, and keeps its permissions', async () => {
    const path = join(folder, 'production.json');
    chmodSync(path, 0o600);
    const inode = statSync(path).ino;
    const before = readdirSync(folder);
    await policy('mode', '-s', 'MFA');
    expect(statSync(path).ino).not.toBe(inode);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('changes what a link points to and leaves the link', async () => {
    symlinkSync('production.json', join(folder, 'linked.json'));
    await policy('mode', '-s', 'MFA', '--stage', 'linked');
    expect(file()).toContain('"MFA"');
    expect(lstatSync(join(folder, 'linked.json')).isSymbolicLink()).toBe(true);
  });

  it.each([
    ['a folder that does not exist', 'none', 'it cannot be read; check the path'],
    ['a folder without stages', '.', 'it holds no stage; use a folder of files such as production.json'],
  ])('refuses %s without a stack trace', async (_, name, message) => {
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));
    const given = join(empty, name);
    expect(await inFolder(given, 'mode')).toBe(
      lines(`${given} is not valid:`, `  (the folder): ${message}`, 'exit 2'),
    );
  });

  it('explains itself', async () => {
    expect(await policy('--help')).toContain('Usage: npm run policy -- <command>');
    expect(await policy('security-codes', '--help')).toContain('-s none|static|one-time|both');
    expect(await policy('help')).toBe(await policy('--help'));
    expect(await policy('Help', 'mode')).toBe(await policy('mode', '--help'));
  });

  it('says how a script gets a value without what npm prints', async () => {
    expect(await policy('help')).toContain('Scripts: npm run -s policy -- mfa-method -g');
    expect(await policy('mode', '--help')).toContain('  npm run -s policy -- mode -g\n');
    expect(await policy('mode', '--help')).not.toContain('--enable');
  });
});

describe('what npm kept to itself', () => {
  const [mode = policyCommand()] = policyCommand().name('npm run policy --').commands;

  it.each([
    ['stage', 'trial'],
    ['enable', 'true'],
  ])('is not done without: --%s', async (name, value) => {
    expect(() => refuseKeptByNpm(mode, { [`npm_config_${name}`]: value })).toThrow(
      `--${name}: npm keeps it to itself; put -- before it, as in npm run policy -- <command> --${name}`,
    );
  });

  it('is nothing where -- stands first', async () => {
    expect(() => refuseKeptByNpm(mode, { npm_config_cache: '/tmp', npm_config_stage: '' })).not.toThrow();
  });
});

describe('the command that puts a change into effect', () => {
  it.each([
    ['npm run deploy -- -c stage=production', { stage: 'production' }],
    ['npm run deploy -- -c stage=trial -c stages=/srv/stages', { stage: 'trial', folder: '/srv/stages' }],
    [
      'npm run deploy -- -c stage=trial -c "stages=/srv/our stages"',
      { stage: 'trial', folder: '/srv/our stages' },
    ],
    ['npm start', { stage: 'local' }],
  ])('is %s', async (command, place) => {
    expect(deployment(place)).toBe(command);
  });
});
