/** The OpenAPI document: up to date, complete, and true of what a started stack answers. */
import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientSchema } from '../../infra/openapi/client-schema.ts';
import { openApiDocument } from '../../infra/openapi/document.ts';
import { type Operation, operations } from '../../infra/openapi/operations.ts';
import { patterns } from '../../infra/openapi/patterns.ts';
import { problemCodesOf } from '../../infra/openapi/problems.ts';
import { type Route, type RouteKey, routes } from '../../shared/http/routes.ts';
import { borrowStack, type Json, type Stack } from '../stack.ts';
import { everyAnswer, type Seen } from './answers.ts';
import { document, documentedCodes, follow, parsed } from './described.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json'));
const all: readonly Route[] = routes;

test('is what its generator makes; if not, run: npm run openapi', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument(version))));
});

test('is what the client’s types are made from; if not, run: npm run openapi', () => {
  expect(read('shared/client/schema.ts')).toBe(clientSchema(openApiDocument(version)));
});

test('names every reference it uses', () => {
  const references = [...read('docs/openapi.json').matchAll(/"\$ref": "([^"]+)"/g)].map(
    ([, target]) => target,
  );
  expect(references.length).toBeGreaterThan(0);
  for (const target of new Set(references)) expect(follow({ $ref: target })).toBeDefined();
});

test('declares every tag that it uses, and no other', () => {
  const declared = document.tags.map(({ name }: Json) => name);
  const used = Object.values<Json>(document.paths).flatMap((methods) =>
    Object.values<Json>(methods).flatMap(({ tags }) => tags),
  );
  expect(declared.toSorted()).toEqual([...new Set(used)].toSorted());
});

test('has an example of everything that a person or a directory hands over, which its pattern takes', () => {
  const examples: { pattern: string; example: string }[] = [];
  JSON.parse(read('docs/openapi.json'), (_, value) => {
    for (const example of value?.examples ?? []) {
      if (value.pattern !== undefined) examples.push({ pattern: value.pattern, example });
    }
    return value;
  });
  const shown = examples.map(({ pattern }) => pattern);
  expect(shown).toEqual(expect.arrayContaining(Object.values(patterns)));
  for (const { pattern, example } of examples) expect(example).toMatch(new RegExp(pattern, 'u'));
});

test('has the routes that there are, and no other', () => {
  const documented = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(all.map(({ method, path }) => `${method} ${path}`).sort());
});

describe.each(all.map((route) => ({ ...route, key: `${route.method} ${route.path}` as RouteKey })))(
  '$key',
  ({ key, ...route }) => {
    const described = document.paths[route.path][route.method.toLowerCase()];

    test('takes a token with any one of its scopes', () => {
      const wanted = (route.scopes ?? []).map((scope) => ({ accessToken: [scope] }));
      expect(described.security).toEqual(wanted);
    });

    test('names every problem it can answer with', () => {
      expect(documentedCodes(route).sort()).toEqual(problemCodesOf(route, operations[key]).sort());
    });

    test('names every parameter of its path', () => {
      const inPath = described.parameters
        .filter((one: Json) => one.in === 'path')
        .map((one: Json) => one.name);
      expect(inPath).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    });
  },
);

describe('what a started stack answers', () => {
  let stack: Stack;
  let seen: Seen[];
  beforeAll(async () => {
    stack = await borrowStack();
    seen = await everyAnswer(stack);
  });
  afterAll(() => stack.stop());

  const operationOf = (key: string): Operation => operations[key as RouteKey];
  const problemsSeen = () => seen.filter(({ answer }) => answer.status >= 400);

  test('is there for every success of every route', () => {
    const wanted = Object.entries<Operation>(operations).flatMap(([key, { answers }]) =>
      Object.keys(answers).map((status) => `${key} ${status}`),
    );
    const found = seen.map(({ key, answer }) => `${key} ${answer.status}`);
    expect(wanted.filter((one) => !found.includes(one))).toEqual([]);
  });

  test('has the documented shape and nothing beyond it', () => {
    for (const { key, answer } of seen.filter(({ answer: { status } }) => status < 400)) {
      const name = operationOf(key).answers[answer.status];
      expect(name, `${key} answers ${answer.status}`).toBeDefined();
      if (name === null || name === undefined) expect(answer.text).toBe('');
      else expect(parsed(name, answer.body), key).toEqual(answer.body);
    }
  });

  test('asserts the documented claims and nothing beyond them', () => {
    const assertions = seen.flatMap(({ answer }) => answer.body?.assertion ?? []);
    expect(assertions.length).toBeGreaterThan(0);
    for (const assertion of assertions) {
      const claims = decodeJwt(assertion);
      expect(parsed('AssertionClaims', claims)).toEqual(claims);
    }
  });

  test('refuses with documented problems, of all kinds that need no fault', () => {
    for (const { key, answer } of problemsSeen()) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const { message: _, ...body } = answer.body; // what the local front adds of API Gateway's own answer
      expect(parsed('Problem', body), key).toEqual(body);
      const route = all.find(({ method, path }) => `${method} ${path}` === key) as Route;
      expect(documentedCodes(route), key).toContain(body.code);
      expect(answer.status).toBe(body.status);
    }
    const codes = new Set(problemsSeen().map(({ answer }) => answer.body.code));
    expect([...codes].sort()).toEqual(
      [
        'attempts-exhausted',
        'challenge-closed',
        'code-rejected',
        'conflict',
        'forbidden',
        'invalid-request',
        'not-found',
        'payload-too-large',
        'rate-limited',
        'unauthenticated',
        'unavailable',
        'unsupported-media-type',
      ].sort(),
    );
  });
});
