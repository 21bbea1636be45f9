/** What each function's environment takes of the bytes that Lambda allows, with the names that AWS gives at their longest. */
import { Stack } from 'aws-cdk-lib';
import { environmentBytes } from '../configuration/environment-size.ts';
import { ConfigurationError, type ConfigurationProblem } from '../configuration/problems.ts';
import type { FallbackFunction, Variables } from './functions.ts';

/** Of the variables that a stage can make long: the field that does. */
const fields: Readonly<Record<string, string>> = {
  DECOYS: 'decoys',
  ENTRA_TENANTS: 'entra.tenants',
  FALLBACK_POLICY: 'policy',
  OIDC_CLIENTS: 'oidc.clients',
  OIDC_CLIENT_NAMES: 'oidc.clients',
  PEPPER_KEYS: 'keys.pepper.versions',
  QUESTIONS: 'questions',
  SAME_NAMES: 'names.same',
  SCIM_CONNECTIONS: 'directory.connections',
  SIGNING_KEYS: 'keys.signing.versions',
  STATE_KEYS: 'keys.state.versions',
  TOKEN_AUDIENCE: 'tokens.audience',
  WINDOWS_GROUPS: 'windows.groups',
};

/** Bytes of what CloudFormation puts in the place of these. */
const ofPseudoParameter: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 10,
  'AWS::URLSuffix': 13,
};
/** The ARN of a key, which is longer than the address of an API. */
const attributeBytes = 90;
/** The URL of a queue, which is longer than any other name. */
const nameBytes = 130;

/**
 * The fields have bounds of their own, and rules look at those that are long by themselves. This is about what they are
 * together, in whichever function has most of them.
 *
 * @throws ConfigurationError that names the longest field of each function that would have too much
 */
export function checkEnvironments(functions: readonly FallbackFunction[], source: string): void {
  const problems = new Map<string, ConfigurationProblem>();
  for (const { name, function: lambda, variables } of functions) {
    const sizes = sizesOf(variables, Stack.of(lambda));
    const surplus = sizes.reduce((sum, { bytes }) => sum + bytes, 0) - environmentBytes;
    const [longest] = sizes
      .filter(({ variable }) => Object.hasOwn(fields, variable))
      .toSorted((one, other) => other.bytes - one.bytes);
    if (surplus <= 0 || longest === undefined) continue;
    const { variable, bytes } = longest;
    const field = fields[variable] ?? variable;
    const message =
      `it takes ${bytes} bytes; use at most ${Math.max(0, bytes - surplus)}, which is what Lambda's environment has left ` +
      `in ${name} beside the stage's other fields`;
    problems.set(field, problems.get(field) ?? { field, message });
  }
  if (problems.size > 0) throw new ConfigurationError(source, [...problems.values()]);
}

function sizesOf(variables: Variables, stack: Stack) {
  return Object.entries(variables).map(([variable, value]) => ({
    variable,
    bytes: variable.length + bytesOf(stack.resolve(value)),
  }));
}

/** Of a text, or of one that CloudFormation makes. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  const [[made, of] = ['', undefined]] = Object.entries(value as object);
  if (made === 'Fn::Join') {
    const [, parts] = of as [string, readonly unknown[]];
    return parts.reduce<number>((sum, part) => sum + bytesOf(part), 0);
  }
  if (made === 'Fn::GetAtt') return attributeBytes;
  return ofPseudoParameter[String(of)] ?? nameBytes;
}
