/** Builds the OpenAPI document from the table of routes, their schemas and their problems. */
import { type Route, type RouteKey, routes, scopes } from '../../shared/http/routes.ts';
import { type Operation, operations } from './operations.ts';
import { commonResponses, problemResponses } from './problems.ts';
import { querySchema, reference, requestSchema, responseComponents } from './schemas.ts';

const introduction = `One-time codes, security questions, backup codes and recoveries as a second factor, for the day the security key or
phone is gone. Verify the password before you call any of this.

A challenge belongs to the client that started it. All times are RFC 3339 in UTC. Answers may get more properties:
ignore those that you do not know. Cache nothing but the keys. HEAD works wherever GET does. There is no CORS: call it
from your server.`;

/** @param version of the project */
export function openApiDocument(version: string) {
  const all: readonly Route[] = routes;
  const paths: Record<string, Record<string, object>> = {};
  for (const route of all) {
    const operation: Operation = operations[`${route.method} ${route.path}` as RouteKey];
    paths[route.path] ??= {};
    Object.assign(paths[route.path] as object, { [route.method.toLowerCase()]: describe(route, operation) });
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'MFA fallback',
      version,
      description: introduction,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:3000', description: 'npm start' },
      {
        url: 'https://{apiId}.execute-api.{region}.amazonaws.com',
        description: 'A deployment: the output ApiUrl',
        variables: { apiId: { default: 'api-id' }, region: { default: 'eu-central-1' } },
      },
    ],
    tags: Object.entries(tagTexts).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: responseComponents(),
      responses: commonResponses(),
      securitySchemes: {
        accessToken: {
          type: 'oauth2',
          description:
            'An access token by client credentials. In a deployment, the token URL is the output TokenEndpoint, or that of your own issuer.',
          flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: scopeTexts } },
        },
      },
    },
  };
}

const scopeTexts = {
  [scopes.signin]:
    'Start and finish challenges and recoveries: for the credential provider and the web login',
  [scopes.helpdesk]: 'Generate and revoke backup codes, unlock users, read users with masked addresses',
  [scopes.admin]:
    'Everything that the help desk may do; also enrol and remove users, and read the whole policy',
};

/** A tag for each function behind the API. */
const tagTexts: Readonly<Record<(typeof routes)[number]['function'], string>> = {
  'issue-otp': 'One-time codes: send one, send another, see whether it left',
  'verify-otp': 'One-time codes and backup codes as a person types them',
  'kba-check': 'Security questions',
  'generate-backup-code': 'Backup codes for the help desk to give out',
  recovery: 'Recoveries of people who lost the phone',
  users: 'Enrolled people',
  policy: 'What this deployment offers, its keys, its health',
};

function describe(route: Route, operation: Operation) {
  const { id, summary, description, body } = operation;
  return {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [route.function],
    security: route.scopes === null ? [] : route.scopes.map((scope) => ({ accessToken: [scope] })),
    parameters: [...parametersOf(operation), ...(route.method === 'POST' ? [idempotencyKey] : [])],
    ...(body === undefined ? {} : { requestBody: requestBody(route, requestSchema(body)) }),
    responses: { ...successes(operation), ...problemResponses(route, operation) },
  };
}

/** A body without a required property may be left out altogether. */
function requestBody({ method }: Route, schema: Record<string, unknown>) {
  const required = schema['required'] !== undefined || schema['oneOf'] !== undefined;
  const content = { 'application/json': { schema } };
  // RFC 7396 names one of its own, beside that of every other body.
  const patch = method === 'PATCH' ? { 'application/merge-patch+json': { schema } } : {};
  return { required, content: { ...content, ...patch } };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A repetition of the request under the same key within ten minutes gets the same answer and changes nothing.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const nextStepAfter = {
  description:
    'Seconds until the next step is there. Absent where the step that is shown waits for an answer.',
  schema: { type: 'integer', minimum: 1 },
};

function parametersOf({ path, query }: Operation): object[] {
  return [
    ...(path ? parameters('path', requestSchema(path)) : []),
    ...(query ? parameters('query', querySchema(query)) : []),
  ];
}

function parameters(place: 'path' | 'query', schema: Record<string, unknown>): object[] {
  const properties = Object.entries(schema['properties'] as Record<string, object>);
  return properties.map(([name, one]) => ({ name, in: place, required: place === 'path', schema: one }));
}

function successes({ answers }: Operation): Record<string, object> {
  const entries = Object.entries(answers).map(([status, name]) => {
    const content = name === null ? {} : { content: { 'application/json': { schema: reference(name) } } };
    const headers = name === 'Recovery' ? { headers: { 'Retry-After': nextStepAfter } } : {};
    return [status, { description: name ?? 'Done', ...headers, ...content }];
  });
  return Object.fromEntries(entries);
}
