/** The synthesized template as the local stack reads it: resources by type, with their intrinsics resolved. */
import type { Assembly, Resource } from './assembly.ts';
import { createEvaluator, UnsupportedTemplateError } from './intrinsics.ts';
import { type Attributes, account, attributesOf, nameProperty } from './names.ts';

export interface Template {
  readonly region: string;
  /** Resources of the given types, by logical id, with unresolved properties. */
  ofType(...types: string[]): [id: string, resource: Resource][];
  /** Every resource, likewise. */
  all(): [id: string, resource: Resource][];
  /** A property with all intrinsics replaced; `owner` is the logical id that errors name. */
  resolve(value: unknown, owner: string): unknown;
  /** Like `resolve`, for what must come out as text. */
  text(value: unknown, owner: string): string;
  /** Names of a resource: its `Ref` and its attributes. */
  names(id: string): Attributes;
  /** Logical id of the resource whose ARN or `Ref` this is. */
  idOf(physical: string, owner: string): string;
}

export interface Location {
  /** Where the local stack answers: stands for the API's own URL and for loopback URLs of any other port. */
  readonly origin: string;
  /** Base URL of the queues, without a slash at its end. Asked for when a queue's URL is first resolved. */
  queueOrigin(): string;
}

/** @throws {UnsupportedTemplateError} from every method that resolves. */
export function createTemplate({ resources, region }: Assembly, location: Location): Template {
  const place = { region, queueOrigin: () => location.queueOrigin() };
  const pseudo = pseudoParameters(region);

  const lookUp = (id: string): Attributes | undefined => {
    const resource = resources[id];
    if (resource === undefined) return undefined;
    const property = nameProperty[resource.Type];
    const given = property === undefined ? undefined : resource.Properties[property];
    return attributesOf(id, resource, given === undefined ? undefined : evaluate(given, id), place);
  };

  const evaluate = createEvaluator({
    attribute(id, name, owner) {
      const value = (name === 'Ref' ? pseudo.get(id) : undefined) ?? lookUp(id)?.[name];
      if (value !== undefined) return value;
      const shown = name === 'Ref' ? `Ref ${id}` : `Fn::GetAtt ${id}.${name}`;
      const type = resources[id]?.Type ?? 'no such resource';
      throw new UnsupportedTemplateError(`${owner}: ${shown} (${type}) has no value in the local stack`);
    },
    // The assembly may have been made for another port.
    literal: (text) => text.replace(/http:\/\/(127\.0\.0\.1|localhost):\d+/g, location.origin),
    composed: (text) => apiUrls().reduce((result, url) => result.replaceAll(url, location.origin), text),
  });

  const ids = Object.keys(resources);
  let knownApiUrls: string[] | undefined;
  const apiUrls = (): string[] => {
    knownApiUrls ??= ids
      .filter((id) => resources[id]?.Type === 'AWS::ApiGatewayV2::Api')
      .map((id) => lookUp(id)?.['ApiEndpoint'] ?? '');
    return knownApiUrls;
  };

  return {
    region,
    resolve: evaluate,
    all: () => Object.entries(resources),
    ofType: (...types) => Object.entries(resources).filter(([, { Type }]) => types.includes(Type)),
    text(value, owner) {
      const result = evaluate(value, owner);
      if (typeof result === 'string') return result;
      throw new UnsupportedTemplateError(`${owner}: expected text, found ${JSON.stringify(value)}`);
    },
    names(id) {
      const names = lookUp(id);
      if (names !== undefined) return names;
      throw new UnsupportedTemplateError(`${id}: the local stack has no names for ${resources[id]?.Type}`);
    },
    idOf(physical, owner) {
      const id = ids.find((candidate) => {
        const names = lookUp(candidate);
        return names !== undefined && (names['Arn'] === physical || names['Ref'] === physical);
      });
      if (id !== undefined) return id;
      throw new UnsupportedTemplateError(`${owner}: ${physical} is not in the template`);
    },
  };
}

function pseudoParameters(region: string): ReadonlyMap<string, string> {
  return new Map([
    ['AWS::Region', region],
    ['AWS::AccountId', account],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', 'local'],
    [
      'AWS::StackId',
      `arn:aws:cloudformation:${region}:${account}:stack/local/00000000-0000-4000-8000-000000000000`,
    ],
  ]);
}
