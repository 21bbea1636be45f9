/** Every number of the policy at, within and beyond its bounds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../infra/configuration/problems.ts';
import { parsePolicy } from '../../../infra/configuration/stage.ts';
import {
  defaultPolicy,
  forgotPhoneMethods,
  mfaMethods,
  modes,
  type Policy,
  policyBounds,
  policyShares,
  securityCodeKinds,
} from '../../../shared/domain/policy/policy.ts';

type Path = keyof typeof policyBounds;
const paths = Object.keys(policyBounds) as Path[];

/** Rules that span fields need other fields to go along: `value` at `path` with neighbours that fit. */
function fitting(path: Path, value: unknown): object {
  const [group = '', field = ''] = path.split('.');
  const neighbours: Partial<Record<Path, object>> = {
    'lockout.attemptsBeforeWait': { attemptsBeforeStop: 100 },
    'lockout.attemptsBeforeStop': { attemptsBeforeWait: 3 },
    'lockout.firstWaitSeconds': { longestWaitSeconds: 86_400 },
    'lockout.longestWaitSeconds': { firstWaitSeconds: 10 },
    'sends.perTenMinutes': { perHour: 40, perDay: 50 },
    'sends.perHour': { perTenMinutes: 1, perDay: 50 },
    'sends.perDay': { perTenMinutes: 1, perHour: 1 },
    'breaker.emailBelowPercent': { stopBelowPercent: 0 },
    'breaker.stopBelowPercent': { emailBelowPercent: 90 },
  };
  const given = path === 'sends.gapsSeconds' ? [10, value] : value;
  return { [group]: { ...neighbours[path], [field]: given } };
}

function faults(policy: object): string[] {
  try {
    parsePolicy(policy);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.field}: ${p.message}`);
    throw error;
  }
  return [];
}

describe.each(paths)('%s', (path) => {
  const [minimum, maximum] = policyBounds[path];
  const field = path === 'sends.gapsSeconds' ? `${path}.1` : path;
  const refusalOf = (value: unknown) =>
    `${field}: ${JSON.stringify(value)} is not allowed; use a whole number from ${minimum} to ${maximum}`;

  it('takes every whole number within its bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: minimum, max: maximum }), (value) => {
        expect(faults(fitting(path, value))).toEqual([]);
      }),
    );
    expect([...faults(fitting(path, minimum)), ...faults(fitting(path, maximum))]).toEqual([]);
  });

  it('refuses what is outside, not whole or no number, and names the bounds', () => {
    const outside = fc.oneof(
      fc.integer({ max: minimum - 1 }),
      fc.integer({ min: maximum + 1 }),
      fc.integer({ min: minimum, max: maximum - 1 }).map((value) => value + 0.5),
      fc.integer({ min: minimum, max: maximum }).map(String),
      fc.constantFrom(null, true, {}),
    );
    fc.assert(
      fc.property(outside, (value) => {
        expect(faults(fitting(path, value))).toEqual([refusalOf(value)]);
      }),
    );
    expect(faults(fitting(path, minimum - 1))).toEqual([refusalOf(minimum - 1)]);
    expect(faults(fitting(path, maximum + 1))).toEqual([refusalOf(maximum + 1)]);
  });
});

describe('a part of a whole', () => {
  const [minimum, maximum] = policyShares['sends.doorShare'];
  const faultsOf = (doorShare: unknown) => faults({ sends: { doorShare } });

  it('is any number within its bounds', () => {
    fc.assert(
      fc.property(fc.double({ min: minimum, max: maximum, noNaN: true }), (value) => {
        expect(faultsOf(value)).toEqual([]);
      }),
    );
  });

  it.each([0, 0.09, 1.01, -1, '0.5', null, true])('is not %j', (value) => {
    expect(faultsOf(value)).toEqual([
      `sends.doorShare: ${JSON.stringify(value)} is not allowed; use a number from ${minimum} to ${maximum}`,
    ]);
  });
});

describe('a policy that says a part of what it may', () => {
  const flags = fc.record({
    enabled: fc.boolean(),
    method: fc.constantFrom(...forgotPhoneMethods),
    usersSelect: fc.boolean(),
  });
  const parts = fc.record(
    {
      mode: fc.constantFrom(...modes),
      mfaMethod: fc.constantFrom(...mfaMethods),
      forgotPhone: flags,
      securityCodes: fc.constantFrom(...securityCodeKinds),
    },
    { requiredKeys: [] },
  );

  it('keeps what it says and has the defaults for the rest', () => {
    fc.assert(
      fc.property(parts, (policy) => {
        expect(parsePolicy(policy)).toEqual({ ...defaultPolicy, ...policy });
      }),
    );
  });

  it('has every default when it says nothing', () => {
    expect(parsePolicy({})).toEqual(defaultPolicy);
    expect(faults(defaultPolicy)).toEqual([]);
  });

  it('has bounds for every number', () => {
    const numbers = Object.entries(defaultPolicy satisfies Policy).flatMap(([group, fields]) =>
      Object.entries(fields as object)
        .filter(([, value]) => typeof [value].flat()[0] === 'number')
        .map(([field]) => `${group}.${field}`),
    );
    expect(numbers.sort()).toEqual([...paths, ...Object.keys(policyShares)].toSorted());
  });
});
