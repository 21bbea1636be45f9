/**
 * TypeScript of the OpenAPI document for the client library: a type for each schema, and what each operation takes and
 * gives. openapi-typescript does the like by an interface of the compiler that TypeScript 7 does not have.
 */
import type { openApiDocument } from './document.ts';
import type { JsonSchema } from './schemas.ts';

type Document = ReturnType<typeof openApiDocument>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: JsonSchema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>;
}

const opening = `/** What the API takes and answers. Written by \`npm run openapi\` from docs/openapi.json: change it there. */\n`;

/** @returns the text of shared/client/schema.ts */
export function clientSchema({ paths, components }: Document): string {
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema['description'])}export type ${name} = ${typeOf(schema)};\n`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: operation as DescribedOperation,
    })),
  );
  const described = operations.map(({ operation }) => describe(operation, components.responses));
  const table = operations.map(
    ({ method, path, operation }) => `  ${operation.operationId}: ['${method}', '${path}'],\n`,
  );
  return [
    opening,
    ...schemas,
    `export interface Operations {\n${described.join('')}}\n`,
    `export const operations = {\n${table.join('')}} as const satisfies Record<keyof Operations, readonly [string, string]>;\n`,
  ].join('\n');
}

function describe(operation: DescribedOperation, shared: Readonly<Record<string, object>>): string {
  const { operationId, summary, parameters, requestBody, responses } = operation;
  const answers = Object.entries(responses);
  const resolved = (response: Content & { readonly $ref?: string }): Content =>
    response.$ref === undefined ? response : (shared[response.$ref.split('/').at(-1) as string] as Content);
  const bodies = answers
    .filter(([status]) => Number(status) < 400)
    .map(([, response]) => response.content?.['application/json']?.schema)
    .map((schema) => (schema === undefined ? 'undefined' : typeOf(schema)));
  const codes = answers.flatMap(([, response]) => {
    const schema = resolved(response).content?.['application/problem+json']?.schema;
    const [, narrowed] = (schema?.['allOf'] ?? []) as { properties: { code: { enum: string[] } } }[];
    return narrowed?.properties.code.enum ?? [];
  });
  const body = requestBody?.content?.['application/json']?.schema;
  const fields = [
    ...(['path', 'query'] as const).flatMap((place) => {
      const here = parameters.filter((parameter) => parameter.in === place);
      const optional = place === 'query';
      const members = here.map(({ name, schema }) => member(name, schema, optional));
      return here.length === 0 ? [] : [`${place}${optional ? '?' : ''}: { ${members.join(' ')} };`];
    }),
    ...(body === undefined ? [] : [`body${requestBody?.required ? '' : '?'}: ${typeOf(body)};`]),
    `answer: ${[...new Set(bodies)].join(' | ')};`,
    `problem: ${literals([...new Set(codes)])};`,
  ];
  return `  /** ${summary}. */\n  ${operationId}: {\n${fields.map((field) => `    ${field}\n`).join('')}  };\n`;
}

/** @throws for a keyword that has no type here, so that none is lost in silence */
function typeOf(schema: JsonSchema): string {
  const {
    $ref,
    oneOf,
    anyOf,
    const: only,
    enum: values,
    type,
  } = schema as {
    $ref?: string;
    oneOf?: JsonSchema[];
    anyOf?: JsonSchema[];
    const?: unknown;
    enum?: unknown[];
    type?: string | string[];
  };
  const union = oneOf ?? anyOf;
  if ($ref !== undefined) return $ref.split('/').at(-1) as string;
  if (union !== undefined) return union.map(typeOf).join(' | ');
  if (only !== undefined) return literals([only]);
  if (values !== undefined) return literals(values);
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(' | ');
  if (type === 'array') return `readonly (${typeOf(schema['items'] as JsonSchema)})[]`;
  if (type === 'object') return objectType(schema);
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string' || type === 'boolean' || type === 'null') return type;
  throw new Error(`there is no type for ${JSON.stringify(schema)}`);
}

function objectType({ properties, required = [] }: JsonSchema): string {
  const wanted = required as readonly string[];
  const members = Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) =>
    member(name, schema, !wanted.includes(name)),
  );
  return members.length === 0 ? 'Record<string, never>' : `{ ${members.join(' ')} }`;
}

/** `undefined` may stand for absent: JSON leaves it out. */
function member(name: string, schema: JsonSchema, optional: boolean): string {
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
  return `readonly ${key}${optional ? '?' : ''}: ${typeOf(schema)}${optional ? ' | undefined' : ''};`;
}

const literals = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))).join(' | ');

const comment = (text: unknown): string => (typeof text === 'string' ? `/** ${text} */\n` : '');
