/** Pages of people by index, cursor and filter: as a query, or in a body (RFC 7644 §3.4.2, §3.4.3; RFC 9865). */
import type { Answer } from '../../shared/http/problem.ts';
import { pageAfter } from './cursor-page.ts';
import { byFilter } from './find.ts';
import type { Handle } from './handle.ts';
import { projected } from './projected.ts';
import { readBody } from './read-body.ts';
import { type Found, resourceOf } from './resource.ts';
import { scimAnswer, scimError } from './scim-error.ts';
import { mostInPage, usualInPage } from './told.ts';
import type { Asking } from './users.ts';

export const list: Handle = ({ queryStringParameters: query = {} }, asking) => page(query, asking);

/** `POST /.search`: what is asked for stands in the body (RFC 7644 §3.4.3). */
export const searched: Handle = (event, asking) => {
  const asked = Object.entries(readBody(event)).map(([name, value]) => [name, String(value)]);
  return page(Object.fromEntries(asked), asking);
};

type Query = Readonly<Record<string, string | undefined>>;

async function page(query: Query, asking: Asking): Promise<Answer> {
  const { connection, ports, base } = asking;
  const shownAs = (one: Found) => projected(resourceOf(one, base), query);
  if (query['cursor'] !== undefined && !query['filter']?.trim()) {
    const { found, nextCursor } = await pageAfter(query['cursor'], countOf(query, 1), connection, ports);
    return listAnswer({ itemsPerPage: found.length, nextCursor, Resources: found.map(shownAs) });
  }
  const found = await byFilter(query['filter'], connection, ports);
  const startIndex = Math.max(1, Number.parseInt(query['startIndex'] ?? '1', 10) || 1);
  const shown = found.slice(startIndex - 1, startIndex - 1 + countOf(query, 0));
  return listAnswer({
    totalResults: found.length,
    startIndex,
    itemsPerPage: shown.length,
    Resources: shown.map(shownAs),
  });
}

/** @param fewest by index a count of zero asks for the total alone, and one below it is zero */
function countOf({ count }: Query, fewest: number): number {
  const asked = Number.parseInt(count ?? '', 10);
  if (Number.isNaN(asked)) return usualInPage;
  if (asked < fewest && fewest > 0)
    throw scimError(400, 'invalidCount', `count: use a number from ${fewest} to ${mostInPage}.`);
  return Math.min(mostInPage, Math.max(fewest, asked));
}

function listAnswer(body: object): Answer {
  return scimAnswer(200, { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], ...body });
}
