/** Functions of the template: their environment, limits and log groups. */
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import { functionEnvironment, optionalEnvironment } from '../../../shared/environment/variables.ts';
import {
  directory,
  functionName,
  ownIssuer,
  type Properties,
  resourcesOf,
  smsStatus,
  templateOf,
  voice,
  windows,
} from '../template.ts';

const everything = templateOf({
  validSince: '2026-03-02T09:00:00Z',
  front: { name: 'login.example.com', secretSha256: ['0'.repeat(64)] },
  names: { same: ['CORP\\'] },
  decoys: [{ methods: ['SMS', 'Email'], weight: 1 }],
  voice: { ...voice, queueId: undefined, sourcePhoneNumber: '+12025550100', maxPriceUsd: 0.3 },
  tokens: { ...ownIssuer, operatorClaim: 'oid' },
  sms: {
    senderId: 'ExampleOrg',
    originationNumber: '+12025550101',
    deliveryStatus: true,
    originHost: 'login.example.com',
    india: { entityId: '1', templateId: '2' },
  },
  email: { configurationSet: 'mfa' },
  awsClient: 'stock',
  oidc: {
    clients: [
      {
        id: 'portal',
        name: 'Portal',
        redirectUris: ['https://portal.example.com/callback'],
        secretSha256: 'a'.repeat(64),
      },
    ],
  },
  entra: {
    tenants: [
      {
        tenantId: 'aaaabbbb-0000-4ccc-9111-dddd2222eeee',
        clientId: 'mfa-fallback',
        applicationId: '00001111-aaaa-4222-bbbb-3333cccc4444',
      },
    ],
  },
  branding: { colour: '#1f4fd8', logo: 'data:image/png;base64,AAAA' },
  windows,
  directory,
  keys: { pepper: { versions: [2, 1] } },
  questions: ['one', 'two', 'three'].map((number) => ({
    id: `question-${number}`,
    text: { en: `What comes to mind at ${number}?` },
  })),
});
const least = templateOf({ windows, directory });
const leastWith = (name: string) => (name === 'sms-status' ? templateOf(smsStatus) : least);

const functionsOf = (template: typeof least) =>
  [...resourcesOf(template, 'AWS::Lambda::Function')].map(([id, properties]): [string, Properties] => [
    functionName(id),
    properties,
  ]);
const environmentOf = (template: typeof least, name: string): Properties =>
  new Map(functionsOf(template)).get(name)?.['Environment'].Variables;

describe("a function's environment", () => {
  it.each(Object.entries(functionEnvironment))(
    'of %s is what it declares when everything is configured',
    (name, declared) => {
      const either = declared.filter(
        (variable) => !['CONNECT_QUEUE_ID', 'FREE_OPERATORS'].includes(variable),
      );
      expect(Object.keys(environmentOf(everything, name)).sort()).toEqual([...new Set(either)].sort());
    },
  );

  it.each(Object.entries(functionEnvironment))(
    'of %s lacks nothing but what is optional when little is configured',
    (name, declared) => {
      const set = Object.keys(environmentOf(leastWith(name), name));
      expect(declared.filter((variable) => !set.includes(variable))).toEqual(
        declared.filter((variable) => optionalEnvironment.some((optional) => optional === variable)),
      );
    },
  );

  it('holds the whole policy, defaults included', () => {
    const policy = JSON.parse(environmentOf(least, 'issue-otp')['FALLBACK_POLICY']);
    expect(policy).toEqual(defaultPolicy);
  });

  it("has the domain of the partition's endpoints from CloudFormation", () => {
    for (const [, fn] of functionsOf(least)) {
      expect(fn['Environment'].Variables.URL_SUFFIX).toEqual({ Ref: 'AWS::URLSuffix' });
    }
  });

  it('names the key in use first', () => {
    const [, parts] = environmentOf(everything, 'verify-otp')['PEPPER_KEYS']['Fn::Join'];
    expect(parts.filter((part: unknown) => typeof part === 'string')).toEqual(['2=', ',1=']);
  });
});

describe('an environment that Lambda would not take', () => {
  const long = (letter: string, length: number, end: string) => `${letter.repeat(length - end.length)}${end}`;
  const connections = Array.from({ length: 3 }, (_, connection) => ({
    name: `directory-${connection}`,
    tokenSha256: String(connection).repeat(64),
    userNameEndings: Array.from({ length: 10 }, (__, place) =>
      long('abc'[connection] ?? '', 100, `${place}@${connection}.example`),
    ),
  }));
  const audience = Array.from({ length: 12 }, (_, place) => long('a', 200, String(place)));
  const same = Array.from({ length: 20 }, (_, place) => `@${long('a', 60, String(place))}`);
  const faults = (overrides: object): string[] => {
    try {
      templateOf(overrides);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.field}: ${p.message}`);
      throw error;
    }
    return [];
  };

  it.each([
    ['directory.connections', { directory: { connections } }],
    ['tokens.audience', { directory, tokens: { ...ownIssuer, audience } }],
    ['names.same', { directory, names: { same }, tokens: { ...ownIssuer, audience: audience.slice(0, 6) } }],
  ])('is refused by its longest field, with the room that it has: %s', (field, overrides) => {
    expect(faults(overrides)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${field}: it takes \\d+ bytes; use at most \\d+, which is what Lambda's environment has left in scim `,
        ),
      ),
    ]);
  });

  it('is none where fields are as long and fit together', () => {
    expect(
      faults({ directory: { connections: connections.slice(0, 1) }, names: { same: same.slice(0, 5) } }),
    ).toEqual([]);
  });
});

describe('every function', () => {
  it.each(functionsOf(least))('%s runs on Node 24 on ARM with JSON logs in a group of its own', (_, fn) => {
    expect(fn).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
    });
  });

  it('is stopped by Lambda when it calls itself on and on, but for the worker, which queues held notices again', () => {
    const loops = [...resourcesOf(everything, 'AWS::Lambda::Function')]
      .filter(([, { RecursiveLoop: loop }]) => loop !== undefined)
      .map(([id, { RecursiveLoop: loop }]) => [functionName(id), loop]);
    expect(loops).toEqual([['deliver', 'Allow']]);
  });

  it('keeps its log for a while and not for ever', () => {
    const groups = [...resourcesOf(least, 'AWS::Logs::LogGroup').values()];
    expect(groups.map(({ RetentionInDays }) => RetentionInDays)).toEqual(groups.map(() => 90));
  });
});
