/** Answers what this endpoint can do (RFC 7644 §4), and refuses endpoints and methods that do not exist. */
import { type Handle, idOf } from './handle.ts';
import { errorAnswer, scimAnswer } from './scim-error.ts';
import { type ToldKind, tell } from './told.ts';

export const discovered =
  (kind: ToldKind): Handle =>
  async (event, { base }) =>
    scimAnswer(200, await tell(kind, event.pathParameters?.['id'] && decodeURIComponent(idOf(event)), base));

const endpoints = ['ServiceProviderConfig', 'ResourceTypes', 'Schemas', 'Users'];

/** A method that an endpoint does not have, or no endpoint at all: groups are not taken. */
export const other: Handle = async ({ pathParameters }) =>
  endpoints.includes(pathParameters?.['endpoint'] ?? '')
    ? errorAnswer(405, undefined, 'This endpoint has no such method.')
    : errorAnswer(404, undefined, 'There is no such endpoint.');
