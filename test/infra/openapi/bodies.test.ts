/** What a generated client checks before it sends: every text of a body says what it takes, with an example. */
import { expect, it } from 'vitest';
import { openApiDocument } from '../../../infra/openapi/document.ts';
import type { Json } from '../../stack.ts';

interface Field {
  readonly at: string;
  readonly schema: Json;
}

/** All texts below a schema; a choice is looked into, and a list that has no example itself. */
function textsOf(schema: Json, at: string): Field[] {
  const { properties = {}, items, oneOf = [], type } = schema;
  const own = [type].flat().includes('string') && schema.const === undefined ? [{ at, schema }] : [];
  return [
    ...own,
    ...Object.entries<Json>(properties).flatMap(([name, inner]) => textsOf(inner, `${at}/${name}`)),
    ...(items === undefined || schema.examples !== undefined ? [] : textsOf(items, `${at}[]`)),
    ...oneOf.flatMap((inner: Json) => textsOf(inner, at)),
  ];
}

const texts = Object.entries<Json>(openApiDocument('0').paths).flatMap(([path, methods]) =>
  Object.entries<Json>(methods).flatMap(([method, { requestBody, parameters }]) => [
    ...textsOf(requestBody?.content['application/json'].schema ?? {}, `${method} ${path} `),
    ...parameters
      .filter((one: Json) => one.in === 'path')
      .flatMap((one: Json) => textsOf(one.schema, `${method} ${path} ${one.name}`)),
  ]),
);

it('finds the texts', () => {
  expect(texts.length).toBeGreaterThan(40);
});

it('has an example or the words of each', () => {
  const shown = ['examples', 'enum', 'format'];
  const without = texts.filter(({ schema }) => shown.every((key) => schema[key] === undefined));
  expect(without.map(({ at }) => at)).toEqual([]);
});

it('has a pattern for every name that is asked for', () => {
  const names = texts.filter(({ at }) => /\/(?:userId|operator)$/.test(at));
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter(({ schema }) => schema.pattern === undefined).map(({ at }) => at)).toEqual([]);
});

it('says of every answer what it is, and how long a message counts as queued', () => {
  const { info, components } = openApiDocument('0') as Json;
  for (const [name, { description }] of Object.entries<Json>(components.schemas))
    expect(description, name).toMatch(/\S \S/);
  for (const claim of ['iss', 'sub', 'preferred_username', 'aud', 'exp', 'jti'])
    expect(components.schemas.AssertionClaims.description).toContain(`\`${claim}\``);
  expect(components.schemas.ChallengeStatus.properties.delivery.description).toContain('three seconds');
  expect(info.description).toContain('no CORS');
});
