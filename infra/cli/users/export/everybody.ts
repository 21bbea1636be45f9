/** Everybody who is enrolled, page by page, with addresses: the list has none, so each person is read. */
import type { Client } from '../../../../shared/client/client.ts';
import { orThrow } from '../../../../shared/client/problem.ts';
import type { User } from '../../../../shared/client/schema.ts';
import { patience } from '../import/patience.ts';

const pageSize = 100;
const atOnce = 10;

/** Who is removed meanwhile is left out. @throws ProblemError, ClientFault */
export async function* everybody(client: Client): AsyncGenerator<User> {
  const { follow } = patience();
  for (let cursor: string | undefined; ; ) {
    const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    const page = orThrow(await follow(() => client.request('listUsers', { query })));
    for (let at = 0; at < page.users.length; at += atOnce) {
      const group = page.users.slice(at, at + atOnce);
      const read = await Promise.all(
        group.map(({ userId }) => follow(() => client.request('readUser', { path: { userId } }))),
      );
      for (const result of read) {
        if (result.ok) yield result.value;
        else if (result.problem.code !== 'not-found') orThrow(result);
      }
    }
    if (page.cursor === undefined) return;
    ({ cursor } = page);
  }
}
