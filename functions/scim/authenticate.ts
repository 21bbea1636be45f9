/** Finds the connection that a request acts for, by its bearer token. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { administratorOf } from './access-token.ts';
import { bearerToken, type Connection, connectionOf, connectionOfClient } from './connection.ts';
import type { Ports } from './ports.ts';

/** A connection's own token, or an administrator's access token. */
export async function authenticate(
  { headers, requestContext }: APIGatewayProxyEventV2,
  { connections, tokens }: Ports,
): Promise<Connection | 'unknown' | 'forbidden'> {
  const token = bearerToken(headers['authorization']);
  if (token === undefined) return 'unknown';
  const connection = connectionOf(token, connections);
  if (connection !== undefined) return connection;
  const administrator = await administratorOf(token, requestContext.timeEpoch, tokens);
  if (administrator === undefined) return 'unknown';
  const acting = administrator.isAllowed ? connectionOfClient(administrator.client, connections) : undefined;
  return acting ?? 'forbidden';
}
