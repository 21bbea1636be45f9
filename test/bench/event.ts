/** The same of a route without a token. @param form is sent as a browser sends a form, in base64 */
export function webEvent(routeKey: string, form: Readonly<Record<string, string>>, rawQueryString = '') {
  const event = apiEvent(routeKey, Buffer.from(new URLSearchParams(form).toString()).toString('base64'));
  const { authorizer: _, ...requestContext } = event.requestContext;
  return {
    ...event,
    rawQueryString,
    isBase64Encoded: true,
    requestContext,
    headers: {
      host: 'api.example.com',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from('web-login:local').toString('base64')}`,
    },
  };
}

/** An HTTP API event (payload 2.0) as API Gateway makes it from a request with a valid token. */
export function apiEvent(routeKey: string, body: string, pathParameters: Record<string, string> = {}) {
  const [method = '', path = ''] = routeKey.split(' ');
  const rawPath = path.replace(/\{(\w+)\}/g, (_, name: string) => pathParameters[name] ?? '');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'api.example.com' },
    pathParameters,
    requestContext: {
      routeKey,
      stage: '$default',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' },
      authorizer: {
        jwt: { claims: { client_id: 'web-login', scope: 'mfa/signin' }, scopes: ['mfa/signin'] },
      },
    },
    body,
    isBase64Encoded: false,
  };
}
