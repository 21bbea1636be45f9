/** Pages of people, by filter: as a query, or in a body (RFC 7644 §3.4.2, §3.4.3). */
import type { Answer } from '../../shared/http/problem.ts';
import { byFilter } from './find.ts';
import type { Handle } from './handle.ts';
import { projected } from './projected.ts';
import { readBody } from './read-body.ts';
import { resourceOf } from './resource.ts';
import { scimAnswer } from './scim-error.ts';
import { mostInPage } from './told.ts';
import type { Asking } from './users.ts';

const usualInPage = 100;

export const list: Handle = ({ queryStringParameters: query = {} }, asking) => page(query, asking);

/** `POST /.search`: what is asked for stands in the body (RFC 7644 §3.4.3). */
export const searched: Handle = (event, asking) => {
  const asked = Object.entries(readBody(event)).map(([name, value]) => [name, String(value)]);
  return page(Object.fromEntries(asked), asking);
};

async function page(
  query: Readonly<Record<string, string | undefined>>,
  { connection, ports, base }: Asking,
): Promise<Answer> {
  const found = await byFilter(query['filter'], connection, ports);
  const startIndex = Math.max(1, Number.parseInt(query['startIndex'] ?? '1', 10) || 1);
  const asked = Number.parseInt(query['count'] ?? '', 10);
  const count = Math.min(mostInPage, Number.isNaN(asked) ? usualInPage : Math.max(0, asked));
  const shown = found.slice(startIndex - 1, startIndex - 1 + count);
  return scimAnswer(200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.length,
    startIndex,
    itemsPerPage: shown.length,
    Resources: shown.map((one) => projected(resourceOf(one, base), query)),
  });
}
