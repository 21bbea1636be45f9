/** Stage files: defaults, warnings, and every refusal with its field, value and what is allowed. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCountries } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { regions } from '../../../infra/configuration/regions.ts';
import { loadStage, parsePolicy, parseStage } from '../../../infra/configuration/stage.ts';
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import { ownIssuer, voice, windows } from '../template.ts';

/** What the stage `production` says with `overrides` laid over it, one line a fault. */
function faults(overrides: object, name = 'production'): string[] {
  return linesOf(() => loadStage(name, { overrides }));
}

function linesOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.field}: ${p.message}`);
    throw error;
  }
  return [];
}

describe('a stage that is as it should be', () => {
  it('has every field of the policy, defaults where it says nothing', () => {
    const { policy } = loadStage('production', { overrides: { policy: { otp: { digits: 8 } } } });
    expect(policy).toEqual({ ...defaultPolicy, otp: { ...defaultPolicy.otp, digits: 8 } });
  });

  it('lets the local stage have every way in', () => {
    expect(loadStage('local').policy).toMatchObject({
      mode: 'Hybrid',
      mfaMethod: 'All',
      forgotPhone: { enabled: true, method: 'kba', usersSelect: true },
      securityCodes: 'both',
    });
  });
});

it.each(['production', 'local'])('the contact of %s reads the same in every language', (name) => {
  expect(loadStage(name).organisation.supportContact).toMatch(/^\S+@\S+$/);
});

it.each([
  'no-reply@login.corp.de',
  'Example Org <no-reply@login.corp.de>',
  'Bücherei <no-reply@münchen.de>',
  'no-reply@почта.рф',
])('%s can be the sender', (from) => {
  expect(loadStage('production', { overrides: { email: { from } } }).email.from).toBe(from);
});

it('a sender with a name is warned of too where its domain is nobody’s', () => {
  const { warnings } = loadStage('production', { overrides: { email: { from: 'Org <a@example.com>' } } });
  expect(warnings.some(({ message }) => message.includes('email.from'))).toBe(true);
});

it.each(['none', 'DE'])('enrolment.defaultCountry can be %s', (defaultCountry) => {
  const { policy } = loadStage('production', { overrides: { policy: { enrolment: { defaultCountry } } } });
  expect(policy.enrolment.defaultCountry).toBe(defaultCountry);
});

describe('a wrong value is told with its field, what was given and what is allowed', () => {
  it.each([
    [
      { policy: { mode: 'Hybird' } },
      'policy.mode: "Hybird" is not allowed; use one of Hybrid, MFA, DirectFidoAuth; did you mean Hybrid?',
    ],
    [
      { policy: { otp: { digits: 4 } } },
      'policy.otp.digits: 4 is not allowed; use a whole number from 6 to 10',
    ],
    [
      { policy: { otp: { digits: '6' } } },
      'policy.otp.digits: "6" is not allowed; use a whole number from 6 to 10',
    ],
    [
      { policy: { lockout: { atemptsBeforeWait: 5 } } },
      'policy.lockout.atemptsBeforeWait: there is no such field; use one of attemptsBeforeWait, windowSeconds, ' +
        'firstWaitSeconds, longestWaitSeconds, attemptsBeforeStop; did you mean attemptsBeforeWait?',
    ],
    [{ policy: 'strict' }, 'policy: "strict" is not allowed; use an object'],
    [
      { policy: { sends: { countries: ['usa'] } } },
      'policy.sends.countries.0: "usa" is not allowed; use an ISO 3166 country in two capital letters, for example US or GB',
    ],
    [
      { policy: { sends: { countries: ['US', 'UK'] } } },
      'policy.sends.countries.1: "UK" is not allowed; use an ISO 3166 country in two capital letters, for example US or GB',
    ],
    [
      { policy: { forgotPhone: { enabled: 'yes' } } },
      'policy.forgotPhone.enabled: "yes" is not allowed; use true or false',
    ],
    [
      { tokens: { issuer: 'cognitto' } },
      'tokens.issuer: "cognitto" is not allowed; use one of cognito, own; did you mean cognito?',
    ],
    [
      { tokens: { ...ownIssuer, audiences: [] } },
      'tokens.audiences: there is no such field; use one of issuer, issuerUrl, audience, clientIdClaim, operatorClaim; did you mean audience?',
    ],
    [
      { email: { from: 'no-reply' } },
      'email.from: "no-reply" is not allowed; use an email address, for example no-reply@example.com or Example Org <no-reply@example.com>',
    ],
    [
      { policy: { enrolment: { defaultCountry: 'UK' } } },
      'policy.enrolment.defaultCountry: "UK" is not allowed; use none, or an ISO 3166 country in two capital letters, for example US or GB',
    ],
    [
      { email: { from: 'Org <no-reply@a-.example>' } },
      'email.from: "Org <no-reply@a-.example>" is not allowed; use an email address, for example no-reply@example.com or Example Org <no-reply@example.com>',
    ],
    [
      { keys: { pepper: { versions: [1, 1] } } },
      'keys.pepper.versions: [1,1] is not allowed; use key versions without a repetition, the one in use first, for example [2, 1]',
    ],
    [
      { keys: { signing: { versions: [] } } },
      'keys.signing.versions: [] is not allowed; use key versions without a repetition, the one in use first, for example [2, 1]',
    ],
    [
      { region: 'eu-centrl-1' },
      `region: "eu-centrl-1" is not allowed; use one of ${regions.join(', ')}; did you mean eu-central-1?`,
    ],
    [{ account: '1234' }, 'account: "1234" is not allowed; use the 12 digits of an AWS account'],
    [{ api: { burst: 0 } }, 'api.burst: 0 is not allowed; use a whole number from 1 to 5000'],
    [
      { organisation: { name: 'Example\r\nBcc: x@example.com' } },
      'organisation.name: "Example\\r\\nBcc: x@example.com" is not allowed; use one line of 1 to 64 characters',
    ],
    [
      { organisation: { supportContact: 'help\u0007desk' } },
      'organisation.supportContact: "help\\u0007desk" is not allowed; use one line of 1 to 128 characters',
    ],
    [
      { organisation: { supportContact: 'help\u2028desk' } },
      'organisation.supportContact: "help\u2028desk" is not allowed; use one line of 1 to 128 characters',
    ],
    [
      { tokens: { ...ownIssuer, audience: ['api://mfa', 'a\tb'] } },
      'tokens.audience.1: "a\\tb" is not allowed; use one line of 1 to 256 characters',
    ],
    [
      { region: 'eu-west-1', voice: { ...voice, region: 'eu-west-1' } },
      'voice.region: "eu-west-1" is not allowed; use one of af-south-1, ap-northeast-1, ap-southeast-1, ' +
        'ap-southeast-2, ca-central-1, eu-central-1, eu-west-2, us-east-1, us-west-2; did you mean eu-west-2?',
    ],
  ])('%j', (overrides, line) => {
    expect(faults(overrides)).toEqual([line]);
  });

  it('and so is what is missing', () => {
    expect(linesOf(() => parseStage('production', {}, 'x'))).toContain(
      'organisation: it is missing; use an object',
    );
  });

  it('and a long one is cut', () => {
    const [line = ''] = faults({ policy: { mode: 'x'.repeat(10_000) } });
    expect(line.length).toBeLessThan(200);
  });
});

describe('rules that span fields', () => {
  it.each([
    [
      { policy: { mfaMethod: 'Call' } },
      'policy.mfaMethod: "Call" is not allowed; use All, SMS or Email, or configure voice: calls need Amazon Connect',
    ],
    [
      { policy: { sends: { countries: ['DE', 'IN'] } } },
      'sms.india: it is missing; use the entityId and the templateId that India asks of senders, ' +
        'or take IN out of policy.sends.countries',
    ],
    [
      { policy: { lockout: { firstWaitSeconds: 600, longestWaitSeconds: 60 } } },
      'policy.lockout.longestWaitSeconds: 60 is not allowed; use at least firstWaitSeconds, which is 600',
    ],
    [
      { policy: { lockout: { attemptsBeforeWait: 20, attemptsBeforeStop: 10 } } },
      'policy.lockout.attemptsBeforeStop: 10 is not allowed; use at least attemptsBeforeWait, which is 20',
    ],
    [
      { policy: { sends: { perTenMinutes: 15 } } },
      'policy.sends.perHour: 10 is not allowed; use at least perTenMinutes, which is 15',
    ],
    [
      { policy: { sends: { perDay: 5 } } },
      'policy.sends.perDay: 5 is not allowed; use at least perHour, which is 10',
    ],
    [
      { policy: { sends: { gapsSeconds: [60, 30] } } },
      'policy.sends.gapsSeconds: [60,30] is not allowed; use gaps that never shrink, for example [30,60,120]',
    ],
    [
      { policy: { sends: { gapsSeconds: [300, 300] } } },
      'policy.sends.gapsSeconds: [300,300] is not allowed; use a first gap shorter than otp.lifetimeSeconds, which is 300',
    ],
    [
      { policy: { breaker: { emailBelowPercent: 5 } } },
      'policy.breaker.emailBelowPercent: 5 is not allowed; use at least stopBelowPercent, which is 10',
    ],
    [
      { tokens: { ...ownIssuer, issuerUrl: 'http://issuer.example.com' } },
      'tokens.issuerUrl: "http://issuer.example.com" is not allowed; use an https URL',
    ],
    [
      { keys: { signing: { rsa2048: [2] } } },
      'keys.signing.rsa2048: [2] is not allowed; use versions of keys.signing.versions, which is [1]',
    ],
    [
      { voice: { ...voice, queueId: undefined } },
      'voice: neither is given; use either queueId or sourcePhoneNumber',
    ],
    [
      { voice: { ...voice, sourcePhoneNumber: '+12025550100' } },
      'voice: both are given; use either queueId or sourcePhoneNumber',
    ],
    [
      { voice: { ...voice, region: 'us-east-1' } },
      'voice.region: "us-east-1" is not allowed; use the stage\'s own region, eu-central-1: ' +
        'the contact flow is part of the stack',
    ],
  ])('%j', (overrides, line) => {
    expect(faults(overrides)).toEqual([line]);
  });

  const connection = (name: string, digit: string, more: object = {}) => ({
    name,
    tokenSha256: digit.repeat(64),
    userNameEndings: [`@${name}.example`],
    ...more,
  });
  it.each([
    [
      [connection('a', '1'), connection('a', '2', { userNameEndings: ['@b.example'] })],
      'connections.1.name: another connection has this name',
    ],
    [
      [connection('a', '1'), connection('b', '1')],
      'connections.1.tokenSha256: another connection has it too',
    ],
    [
      [connection('a', '1', { clientId: 'c' }), connection('b', '2', { clientId: 'c' })],
      'connections.1.clientId: another connection has it too',
    ],
    [
      [connection('a', '1'), connection('b', '2', { userNameEndings: undefined })],
      'connections.1.userNameEndings: it is missing; use endings, so that no connection gives names of another',
    ],
    [
      [connection('a', '1'), connection('b', '2', { userNameEndings: ['@b.example', '@A.example'] })],
      'connections.1.userNameEndings.1: a name with it could be one of connections.0',
    ],
    [
      [connection('a', '1', { userNameEndings: ['.example'] }), connection('b', '2')],
      'connections.1.userNameEndings.0: a name with it could be one of connections.0',
    ],
  ])('keep connections of directories apart: %j', (connections, line) => {
    expect(faults({ directory: { connections } })).toEqual([`directory.${line}`]);
  });

  it('keep connections of directories apart where names lose both of their endings', () => {
    const names = { same: ['@a.example', '@B.example'] };
    const directory = { connections: [connection('a', '1'), connection('b', '2')] };
    expect(faults({ directory, names })).toEqual([
      'directory.connections.1.userNameEndings.0: a name with it could be one of connections.0',
    ]);
    expect(faults({ directory, names: { same: ['@a.example'] } })).toEqual([]);
  });

  it('keep the environment of functions to what Lambda allows, with questions or without', () => {
    const sized = (versions: number) => ({
      policy: { sends: { countries: getCountries() } },
      keys: { pepper: { versions: Array.from({ length: versions }, (_, at) => versions - at) } },
    });
    const india = { entityId: '1', templateId: '2' };
    const without = (versions: number) => faults({ ...sized(versions), sms: { india } });
    expect(without(4)).toEqual([]);
    expect(without(20)).toEqual([
      expect.stringMatching(
        /^policy: it takes \d+ bytes; use at most \d+, which is what Lambda's environment has left beside 20 pepper, 1 signing and 1 state versions: fewer countries, or fewer versions$/,
      ),
    ]);
  });

  it('allow a breaker that stops and never moves people to email', () => {
    expect(faults({ policy: { breaker: { emailBelowPercent: 0 } } })).toEqual([]);
  });

  it('allow India with the registration that its carriers ask for', () => {
    const india = { entityId: '1101234560000012345', templateId: '1107161234567890123' };
    expect(faults({ policy: { sends: { countries: ['IN'] } }, sms: { india } })).toEqual([]);
    expect(faults({ sms: { india: { ...india, templateId: 'abc' } } })).toEqual([
      'sms.india.templateId: "abc" is not allowed; use 1 to 50 digits, as the registry (DLT) gave them',
    ]);
  });

  it('allow calls where voice is configured', () => {
    expect(faults({ voice, policy: { mfaMethod: 'Call' } })).toEqual([]);
  });

  it('allow an issuer without TLS on this machine for the local stage alone', () => {
    const own = (issuerUrl: string) => ({ tokens: { ...ownIssuer, issuerUrl } });
    expect(faults(own('http://127.0.0.1:4000'), 'local')).toEqual([]);
    expect(faults(own('http://127.0.0.1:4000'))).toHaveLength(1);
    expect(faults(own('http://127.0.0.1.example.com'), 'local')).toHaveLength(1);
    expect(faults(own('ftp://127.0.0.1'), 'local')).toHaveLength(1);
  });

  it('are told together with the faults of single fields, and keep quiet about those', () => {
    const several = {
      policy: {
        mode: 'mfa',
        lockout: { firstWaitSeconds: 'soon', longestWaitSeconds: 60 },
        sends: { perDay: 5 },
      },
      email: { from: '' },
    };
    expect(faults(several).map((line) => line.split(':')[0])).toEqual([
      'policy.mode',
      'policy.lockout.firstWaitSeconds',
      'email.from',
      'policy.sends.perDay',
    ]);
  });
});

const ownDomain = {
  organisation: { emailDomain: 'acme.test', people: 1_000 },
  email: { from: 'codes@acme.test' },
  open: { concurrency: 20 },
};

/** What the stage, whose senders are in order, is warned of. */
const warnings = (overrides: object, name = 'production') =>
  loadStage(name, { overrides: { ...ownDomain, ...overrides } }).warnings.map(({ message }) => message);

describe('security questions as the only way back in', () => {
  const asking = (enabled: boolean) => warnings({ policy: { forgotPhone: { enabled, method: 'kba' } } });

  it('are allowed and warned of, once they are switched on', () => {
    expect(asking(false)).toEqual([]);
    expect(asking(true)).toEqual([expect.stringContaining('policy.forgotPhone.method is "kba"')]);
  });
});

describe('what has no effect is allowed and warned of', () => {
  const off = 'policy.mode is "DirectFidoAuth", which offers no fallback:';
  const recovery = { enabled: true };
  it.each([
    [{ mode: 'DirectFidoAuth', forgotPhone: recovery }, `${off} policy.forgotPhone has no effect.`],
    [{ mode: 'DirectFidoAuth', securityCodes: 'both' }, `${off} policy.securityCodes has no effect.`],
    [
      { mode: 'DirectFidoAuth', forgotPhone: recovery, securityCodes: 'static' },
      `${off} policy.forgotPhone and policy.securityCodes have no effect.`,
    ],
    [
      { forgotPhone: { usersSelect: true } },
      'policy.forgotPhone.usersSelect has no effect while policy.forgotPhone.enabled is false: there is nothing to choose from.',
    ],
  ])('%j', (policy, warning) => {
    expect(warnings({ policy })).toEqual([warning]);
  });

  it.each([
    { mode: 'DirectFidoAuth' },
    { mode: 'MFA', forgotPhone: { enabled: true, usersSelect: true }, securityCodes: 'both' },
  ])('and what has one is not: %j', (policy) => {
    expect(warnings({ policy })).toEqual([]);
  });
});

describe('limits of the policy that stop a company first', () => {
  const company = (people: number | undefined, sends = {}) =>
    warnings({ organisation: { ...ownDomain.organisation, people }, policy: { sends } });

  it('are told as sign-ins a day, and as people of whom one in fifty needs the fallback', () => {
    expect(company(undefined)).toEqual([
      'policy.sends stops at 5,000 sign-ins a day in one country (perCountryPerDay), which is enough for 250,000 people ' +
        'of whom one in 50 needs the fallback. Name organisation.people to hear of it only where it is not.',
    ]);
  });

  it('are nothing to warn of where they are enough, nor in the local stage', () => {
    expect(company(250_000)).toEqual([]);
    expect(
      loadStage('local').warnings.filter(({ fields }) => fields.includes('organisation.people')),
    ).toEqual([]);
  });

  it('are each told where they are not: a country, the price of an SMS, a client’s hour, a method', () => {
    expect(company(250_001)).toEqual([
      'policy.sends stops at 5,000 sign-ins a day in one country (perCountryPerDay), ' +
        '5,000 sign-ins a day by SMS at 0.2 USD (dailyBudgetUsdPerChannel), ' +
        '5,000 sign-ins a day at one client in one hour (perClientPerHour). ' +
        'Of organisation.people, 250,001, 5,001 need the fallback on a day, if it is one in 50.',
    ]);
    const raised = { perCountryPerDay: 50_000, perClientPerHour: 50_000, dailyBudgetUsdPerChannel: 10_000 };
    expect(company(600_000, raised)).toEqual([
      'policy.sends stops at 10,000 sign-ins a day by one method (dailyCeilingPerChannel). ' +
        'Of organisation.people, 600,000, 12,000 need the fallback on a day, if it is one in 50.',
    ]);
  });
});

it('a misspelled field that decides which others there are is named', () => {
  const { tokens: _, ...rest } = JSON.parse(
    readFileSync(new URL('../../../infra/stages/production.json', import.meta.url), 'utf8'),
  );
  expect(
    linesOf(() => parseStage('production', { ...rest, tokens: { issuerr: 'cognito' } }, 'file')),
  ).toEqual(['tokens.issuer: it is missing; use one of cognito, own; there is issuerr, which is no field']);
});

describe('a claim of the client that the access log cannot name', () => {
  it('is allowed and warned of', () => {
    const named = (clientIdClaim: string) => warnings({ tokens: { ...ownIssuer, clientIdClaim } });
    expect(named('https://acme.test/client')).toEqual([
      'tokens.clientIdClaim is "https://acme.test/client", which no variable of API Gateway\'s access log can name: ' +
        'the log has no client. A claim of letters, digits, _ and - alone is logged.',
    ]);
    expect(named('azp')).toEqual([]);
  });
});

describe('names of two account domains taken for one', () => {
  const about = (...same: string[]) => warnings({ names: { same } });

  it('are allowed and warned of, since a domain may have a short and a long name', () => {
    expect(about('CORP\\', '@corp.example', 'OTHER\\', '@other.example')).toEqual([
      'names.same has CORP\\, OTHER\\: names of several account domains become one name, of one person. ' +
        'Keep those of one domain alone, unless all of these are its names.',
    ]);
  });

  it('are nothing to warn of where one domain is written twice, or has several endings', () => {
    expect(about('CORP\\', 'corp\\', '@corp.example', '@example.com')).toEqual([]);
    expect(loadStage('local').warnings.filter(({ fields }) => fields.includes('names.same'))).toEqual([]);
  });
});

describe('what a new account refuses to set aside', () => {
  const about = (overrides: object, name?: string) =>
    warnings(overrides, name).filter((message) => message.startsWith('open.concurrency'));

  it('is warned of while the stage leaves it to the default, with what a new account takes', () => {
    expect(about({ open: {} })).toEqual([
      "open.concurrency is not named, so the stage sets 60 of the account's concurrent functions aside, and Lambda " +
        'refuses that below a quota of 160. A new account has 10: name "shared" until its quota is raised. ' +
        'A number, such as 20, ends this warning.',
    ]);
    expect(about({ open: { burst: 50 }, windows })[0]).toContain('sets 80 of');
  });

  it('is nothing to warn of where the stage names it, nor in the local stage', () => {
    for (const concurrency of [20, 'shared']) expect(about({ open: { concurrency } })).toEqual([]);
    expect(about({}, 'local')).toEqual([]);
  });
});

describe('senders of a domain for examples', () => {
  const why = 'of a domain for examples, from which nobody can send. Use your own.';
  it.each([
    [
      {
        organisation: { emailDomain: 'example.com', people: 1_000 },
        email: { from: 'codes@example.com' },
      },
      `organisation.emailDomain, email.from are ${why}`,
    ],
    [{ email: { from: 'codes@mail.example.org' } }, `email.from is ${why}`],
    [{ sms: { originHost: 'login.example.com' } }, `sms.originHost is ${why}`],
  ])('are allowed and warned of: %j', (overrides, warning) => {
    expect(warnings(overrides)).toEqual([warning]);
  });

  it('are nothing to warn of in the local stage, nor is a domain that only ends alike', () => {
    expect(loadStage('local').warnings.filter(({ fields }) => fields.includes('email.from'))).toEqual([]);
    expect(warnings({ email: { from: 'codes@myexample.com' } })).toEqual([]);
  });
});

describe('a region', () => {
  it.each([
    ['has no SES', 'ap-east-1'],
    ['has no SES', 'eu-south-2'],
    ['has no HTTP APIs', 'ap-southeast-6'],
    ['has no SMS', 'ap-northeast-2'],
    ['is in China', 'cn-north-1'],
    ['is isolated', 'us-iso-east-1'],
    ['does not exist', 'atlantis-deep-1'],
  ])('that %s is none for a stage: %s', (_, region) => {
    expect(faults({ region })).toEqual([
      expect.stringContaining(`region: "${region}" is not allowed; use one of ${regions.join(', ')}`),
    ]);
  });
});

describe("a stage's name", () => {
  const named = (name: string, overrides: object = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'stages-'));
    const own = readFileSync(new URL('../../../infra/stages/production.json', import.meta.url), 'utf8');
    writeFileSync(join(folder, `${name}.json`), own);
    return linesOf(() => loadStage(name, { folder, overrides }));
  };

  it("fits into the domain of Cognito and into the workflow's name", () => {
    const longest = 'x'.repeat(37);
    expect(named(longest)).toEqual([]);
    expect(named(`${longest}x`)).toEqual([`stage: "${longest}x" is not allowed; use at most 37 characters`]);
  });

  it.each(['aws-test', 'my-amazon', 'cognito'])('is no word that Cognito keeps to itself: %s', (name) => {
    expect(named(name)).toEqual([
      `stage: "${name}" is not allowed; use a name without aws, amazon, cognito: Cognito takes none of them in a domain`,
    ]);
    expect(named(name, { tokens: ownIssuer })).toEqual([]);
  });
});

describe('files', () => {
  it('of stages that do not exist are refused with the names that do', () => {
    expect(linesOf(() => loadStage('prodution'))).toEqual([
      'stage: "prodution" is not allowed; use one of local, production; did you mean production?',
    ]);
    expect(linesOf(() => loadStage('../configuration/stage'))).toHaveLength(1);
  });

  it('of stages whose names no stack can have are refused in one line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stages-'));
    for (const name of ['pre_prod', '9', 'trial']) writeFileSync(join(folder, `${name}.json`), '{}');
    const allowed = 'lower-case letters, digits and hyphens, a letter first';
    expect(linesOf(() => loadStage('pre_prod', { folder }))).toEqual([
      `stage: "pre_prod" is not allowed; use ${allowed}`,
    ]);
    expect(linesOf(() => loadStage('9', { folder }))).toEqual([`stage: "9" is not allowed; use ${allowed}`]);
    expect(linesOf(() => loadStage('Trial', { folder }))).toEqual([
      'stage: "Trial" is not allowed; use one of trial; did you mean trial?',
    ]);
  });

  const folder = mkdtempSync(join(tmpdir(), 'policies-'));
  const policyFile = (text: string | Buffer): string => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, text);
    return file;
  };

  it('with another policy stand in for the whole policy of the stage', () => {
    const policyPath = policyFile('{ "mode": "MFA" }');
    expect(loadStage('local', { policyPath }).policy).toEqual({ ...defaultPolicy, mode: 'MFA' });
  });

  it('with another policy are checked against the rest of the stage', () => {
    const policyPath = policyFile('{ "mfaMethod": "Call" }');
    expect(linesOf(() => loadStage('production', { policyPath }))).toHaveLength(1);
    expect(linesOf(() => loadStage('local', { policyPath }))).toEqual([]);
  });

  it('that are missing or no JSON are named', () => {
    expect(linesOf(() => loadStage('local', { policyPath: join(folder, 'none.json') }))).toEqual([
      '(the file): it cannot be read; check the path',
    ]);
    expect(linesOf(() => loadStage('local', { policyPath: policyFile('{') }))).toEqual([
      expect.stringMatching(/^\(the file\): it is not JSON: /),
    ]);
  });

  it('are read with a byte order mark', () => {
    const policyPath = policyFile('\ufeff{ "mode": "MFA" }');
    expect(loadStage('local', { policyPath }).policy.mode).toBe('MFA');
  });

  it.each([
    ['with its mark', '\ufeff{}', (bytes: Buffer) => bytes],
    ['without', '{}', (bytes: Buffer) => bytes],
    ['in the other order', '\ufeff{}', (bytes: Buffer) => bytes.swap16()],
    ['in the other order, without', '{}', (bytes: Buffer) => bytes.swap16()],
  ])('in UTF-16 are told how to be saved: %s', (_, text, ordered) => {
    const policyPath = policyFile(ordered(Buffer.from(text, 'utf16le')));
    expect(linesOf(() => loadStage('local', { policyPath }))).toEqual([
      '(the file): it is UTF-16; save it as UTF-8',
    ]);
  });

  it("that are a stage's file are told so in one line", () => {
    const policyPath = fileURLToPath(new URL('../../../infra/stages/production.json', import.meta.url));
    expect(linesOf(() => loadStage('local', { policyPath }))).toEqual([
      "(the file): that is a stage's file; its policy is under `policy`",
    ]);
  });
});

describe('a policy on its own', () => {
  it('is completed with the defaults', () => {
    expect(parsePolicy({ mode: 'MFA' })).toEqual({ ...defaultPolicy, mode: 'MFA' });
  });

  it('is checked across its fields, which are named as in its file', () => {
    expect(linesOf(() => parsePolicy({ mood: 1, sends: { perDay: 5 } }))).toEqual([
      expect.stringMatching(/^mood: there is no such field.*did you mean mode\?$/),
      'sends.perDay: 5 is not allowed; use at least perHour, which is 10',
    ]);
  });

  it.each([[null], ['x'], [[]], [7]])('cannot be %j', (given) => {
    expect(() => parsePolicy(given)).toThrow(ConfigurationError);
  });
});

describe('a second operator', () => {
  const policy = { helpDesk: { secondOperator: 'always' } };

  it.each([
    ['Cognito', { issuer: 'cognito' }],
    ['an issuer of one’s own without operatorClaim', ownIssuer],
  ])('is refused with %s, where one client could write both names', (_, tokens) => {
    expect(faults({ policy, tokens })).toEqual([
      'policy.helpDesk.secondOperator: "always" is not allowed; use off, or set tokens.operatorClaim: without it one client could write both names',
    ]);
  });

  it('is taken where a claim of the token names the operator', () => {
    expect(faults({ policy, tokens: { ...ownIssuer, operatorClaim: 'oid' } })).toEqual([]);
  });
});
