/** Everybody who is enrolled: the list page by page, and what is asked of each person, several at a time. */
import type { Client } from '../../shared/client/client.ts';
import { orThrow, type Result } from '../../shared/client/problem.ts';
import type { UserPage } from '../../shared/client/schema.ts';
import { patience } from './users/import/patience.ts';

const pageSize = 100;
const atOnce = 10;

/** Repeated where the API asks for patience. @throws ProblemError, ClientFault */
export async function* pagesOfEverybody(
  client: Client,
  { follow } = patience(),
): AsyncGenerator<UserPage['users']> {
  for (let cursor: string | undefined; ; ) {
    const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const page = orThrow(await follow(() => client.request('listUsers', { query })));
    yield page.users;
    if (page.cursor === undefined) return;
    ({ cursor } = page);
  }
}

/**
 * Who is removed meanwhile is left out.
 *
 * @param ask what to ask of one person; it is repeated where the API asks for patience
 * @throws ProblemError, ClientFault
 */
export async function* ofEverybody<Value>(
  client: Client,
  ask: (path: { readonly userId: string }) => Promise<Result<Value>>,
): AsyncGenerator<Value> {
  const shared = patience();
  for await (const users of pagesOfEverybody(client, shared)) {
    for (let at = 0; at < users.length; at += atOnce) {
      const group = users.slice(at, at + atOnce);
      const answers = await Promise.all(group.map(({ userId }) => shared.follow(() => ask({ userId }))));
      for (const answer of answers) {
        if (answer.ok) yield answer.value;
        else if (answer.problem.code !== 'not-found') orThrow(answer);
      }
    }
  }
}
