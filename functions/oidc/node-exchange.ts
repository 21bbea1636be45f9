/** Passes an HTTP API event to a request listener of `node:http`, which oidc-provider is, and returns its answer. */
import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type Answer, everyAnswer } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';

export interface Endpoint {
  answer(event: WebEvent): Promise<Answer>;
}

/**
 * @param origin whose host and scheme the request is taken to have come to, whatever its headers say
 * @param faultOf what the listener met at a request and made an answer of its own from; the answer is not given then
 */
export function endpointOf(
  listen: RequestListener,
  origin: string,
  faultOf: (request: IncomingMessage) => Error | undefined,
): Endpoint {
  return {
    /** @throws the fault that the listener met */
    answer: (event) =>
      new Promise((resolve, reject) => {
        const response = new ServerResponse(requestOf(event, origin));
        const chunks: Buffer[] = [];
        response.write = (chunk: unknown) => {
          chunks.push(Buffer.from(chunk as Buffer));
          return true;
        };
        response.end = ((chunk?: unknown) => {
          if (chunk !== undefined && chunk !== null) chunks.push(Buffer.from(chunk as Buffer));
          const fault = faultOf(response.req);
          if (fault === undefined) resolve(answerOf(response, Buffer.concat(chunks)));
          else reject(fault);
          return response;
        }) as typeof response.end;
        listen(response.req, response);
      }),
  };
}

function requestOf(
  { body = '', isBase64Encoded, headers, requestContext, rawPath }: WebEvent,
  origin: string,
) {
  const { host, protocol } = new URL(origin);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const request = new IncomingMessage(new Socket());
  request.method = requestContext.http.method;
  request.url = rawPath;
  request.headers = {
    ...passed(headers),
    host,
    'x-forwarded-proto': protocol.slice(0, -1),
    'content-length': String(bytes.length),
  };
  request.push(bytes);
  request.push(null);
  return request;
}

/** What the endpoints go by; nothing that could name another host, and no cookie. */
const passedHeaders = ['authorization', 'content-type', 'accept', 'origin'] as const;

function passed(headers: WebEvent['headers']): Record<string, string> {
  return Object.fromEntries(
    passedHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}

function answerOf(response: ServerResponse, body: Buffer): Answer {
  const kept = ['content-type', 'www-authenticate', 'cache-control', 'pragma'].flatMap((name) => {
    const value = response.getHeader(name);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return {
    statusCode: response.statusCode,
    headers: { ...everyAnswer, ...Object.fromEntries(kept) },
    body: body.toString('utf8'),
  };
}
