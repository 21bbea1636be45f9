/** Asks something of everybody who is enrolled: the list page by page, then each person, several at a time. */
import type { Client } from '../../shared/client/client.ts';
import { orThrow, type Result } from '../../shared/client/problem.ts';
import { patience } from './users/import/patience.ts';

const pageSize = 100;
const atOnce = 10;

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
  const { follow } = patience();
  for (let cursor: string | undefined; ; ) {
    const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const page = orThrow(await follow(() => client.request('listUsers', { query })));
    for (let at = 0; at < page.users.length; at += atOnce) {
      const group = page.users.slice(at, at + atOnce);
      const answers = await Promise.all(group.map(({ userId }) => follow(() => ask({ userId }))));
      for (const answer of answers) {
        if (answer.ok) yield answer.value;
        else if (answer.problem.code !== 'not-found') orThrow(answer);
      }
    }
    if (page.cursor === undefined) return;
    ({ cursor } = page);
  }
}
