/** The three protocols that AWS clients speak here: Query (form in, XML out), JSON with a target header, and REST with JSON. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, ServiceError } from './service-error.ts';

export interface AwsRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Parameters of a request. The Query protocol has flat names such as `Destination.ToAddresses.member.1`. */
export type Input = Readonly<Record<string, unknown>>;

export interface Protocol {
  /** Operation that the request names, undefined when the request is not meant for this service. */
  operation(request: AwsRequest): string | undefined;
  /** @throws {ServiceError} when the body cannot be read. */
  input(request: AwsRequest): Input;
  success(operation: string, output: object): Answer;
  failure(error: ServiceError): Answer;
  unknownOperation(operation: string): ServiceError;
}

/** @param version API version, which tells the services of this protocol apart. */
export function queryProtocol(version: string, namespace: string): Protocol {
  const answer = (status: number, element: string, content: string, requestId: string): Answer => ({
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<${element} xmlns="${namespace}">${content}</${element}>`,
  });
  return {
    operation({ headers, body }) {
      if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
      const form = new URLSearchParams(body.toString('utf8'));
      return form.get('Version') === version ? (form.get('Action') ?? '') : undefined;
    },
    input: ({ body }) => Object.fromEntries(new URLSearchParams(body.toString('utf8'))),
    success(operation, output) {
      const requestId = randomUUID();
      const result = `<${operation}Result>${xml(output)}</${operation}Result>`;
      const metadata = xml({ ResponseMetadata: { RequestId: requestId } });
      return answer(200, `${operation}Response`, result + metadata, requestId);
    },
    failure({ code, message, status }) {
      const requestId = randomUUID();
      const Type = status < 500 ? 'Sender' : 'Receiver';
      const content = xml({ Error: { Type, Code: code, Message: message }, RequestId: requestId });
      return answer(status, 'ErrorResponse', content, requestId);
    },
    unknownOperation: (operation) =>
      new ServiceError('InvalidAction', `The action ${operation} is not valid for this web service.`),
  };
}

/** @param target first part of the target header; @param namespace put before error codes. */
export function jsonProtocol(version: '1.0' | '1.1', target: string, namespace: string): Protocol {
  const type = `application/x-amz-json-${version}`;
  return {
    operation({ headers }) {
      const named = headers['x-amz-target'];
      return typeof named === 'string' && named.startsWith(`${target}.`)
        ? named.slice(target.length + 1)
        : undefined;
    },
    input: ({ body }) => readJson(body),
    success: (_, output) => ({ status: 200, headers: jsonHeaders(type), body: JSON.stringify(output) }),
    failure: ({ code, message, status, queryCode }) => ({
      status,
      headers: {
        ...jsonHeaders(type),
        ...(queryCode === undefined
          ? {}
          : { 'x-amzn-query-error': `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}` }),
      },
      body: JSON.stringify({ __type: `${namespace}#${code}`, message }),
    }),
    unknownOperation: (operation) =>
      new ServiceError('UnknownOperationException', `The operation ${operation} is not served here.`),
  };
}

/** @param routes operation by method and path, for example `PUT /contact/outbound-voice`. */
export function restProtocol(pathPrefix: string, routes: Readonly<Record<string, string>>): Protocol {
  return {
    operation({ method, path }) {
      if (!path.startsWith(pathPrefix)) return undefined;
      const route = `${method} ${path}`;
      return Object.hasOwn(routes, route) ? routes[route] : route;
    },
    input: ({ body }) => readJson(body),
    success: (_, output) => ({
      status: 200,
      headers: jsonHeaders('application/json'),
      body: JSON.stringify(output),
    }),
    failure: ({ code, message, status }) => ({
      status,
      headers: { ...jsonHeaders('application/json'), 'x-amzn-errortype': code },
      body: JSON.stringify({ Message: message }),
    }),
    unknownOperation: (operation) =>
      new ServiceError('UnknownOperationException', `${operation} is not served here.`, { status: 404 }),
  };
}

const jsonHeaders = (type: string) => ({ 'content-type': type, 'x-amzn-requestid': randomUUID() });

function readJson(body: Buffer): Input {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Input;
  } catch {
    // Answered below, like every other body that is no object.
  }
  throw new ServiceError('SerializationException', 'The body is not a JSON object.');
}

function xml(value: unknown): string {
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).reduce((text, [name, item]) => `${text}<${name}>${xml(item)}</${name}>`, '');
  }
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return String(value).replace(/[&<>]/g, (character) => escapes[character] ?? '');
}
