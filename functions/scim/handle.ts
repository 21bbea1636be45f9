/** The type of a handler: it answers one route for a connection that is known. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Answer } from '../../shared/http/problem.ts';
import type { Asking } from './users.ts';

export type Handle = (event: APIGatewayProxyEventV2, asking: Asking) => Promise<Answer>;

export const idOf = ({ pathParameters }: APIGatewayProxyEventV2): string => pathParameters?.['id'] ?? '';
