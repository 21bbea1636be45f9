/** A client of the soak: every request goes into the journal, with the moved time before and after. */
import type { DevelopmentClient } from '../../../infra/local/token-issuer/issuer.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Entry, Operation } from './observed.ts';

export interface Asked {
  readonly op: Operation;
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly client?: DevelopmentClient | undefined;
  readonly key?: string | undefined;
  readonly subject?: string | undefined;
  readonly recovery?: string | undefined;
  readonly code?: string | undefined;
}

export interface Journal {
  /** When instances were ended, moved time. */
  readonly kills: number[];
  readonly entries: Entry[];
  /** Moved clock. */
  now(): number;
  advance(seconds: number): Promise<void>;
  /** Moves the clock until every message was handled, the hidden and the delayed too. @throws when that does not come */
  calm(): Promise<void>;
  /** Ends every function instance. */
  kill(): Promise<void>;
  ask(asked: Asked): Promise<Entry>;
}

/** Longer than a queue hides a message that a worker has, and than any delay. */
const hiddenSeconds = 265;
const mostTurns = 12;

/** The same request once more, under the same key where it has one. */
export function againOf({
  op,
  user,
  client,
  path: line,
  key,
  request,
  subject,
  recovery,
  code,
}: Entry): Asked {
  const [method = '', path = ''] = line.split(' ');
  const body = JSON.parse(request) ?? undefined;
  return { op, user, client: client as DevelopmentClient, method, path, key, body, subject, recovery, code };
}

export async function journalOf(stack: MeasuredStack): Promise<Journal> {
  const entries: Entry[] = [];
  let ids = 0;
  let ahead = await stack.look('/ahead');
  const kills: number[] = [];
  let ending = 0;
  let moving = 0;
  const now = () => Date.now() + ahead;
  // The functions may have it already while its answer is on the way: what begins meanwhile began at the earliest
  // before it, and what ends meanwhile ended at the latest after it.
  const latest = () => now() + moving;
  const advance = async (seconds: number): Promise<void> => {
    moving += seconds * 1000;
    await stack.advance(seconds);
    moving -= seconds * 1000;
    ahead += seconds * 1000;
  };
  return {
    entries,
    kills,
    now,
    advance,
    async calm() {
      for (let turn = 0; turn < mostTurns; turn += 1) {
        await advance(hiddenSeconds);
        if (await stack.look('/settled-soon')) return;
      }
      throw new Error('a queue did not become empty, however late it became');
    },
    async kill() {
      ending += 1;
      await stack.look('/kill');
      ending -= 1;
      kills.push(now());
    },
    async ask({
      op,
      user,
      method,
      path,
      body,
      client = 'credential-provider',
      key,
      subject,
      recovery,
      code,
    }) {
      ids += 1;
      const id = ids;
      const token = await stack.token(client);
      const [from, killsBefore] = [now(), ending > 0 ? -1 : kills.length];
      const options = {
        token,
        ...(body ? { body } : {}),
        ...(key ? { headers: { 'idempotency-key': key } } : {}),
      };
      const answer = await stack.request(method, path, options).catch(() => undefined);
      const entry: Entry = {
        id,
        op,
        user: user.toLowerCase(),
        client,
        path: `${method} ${path}`,
        key,
        request: JSON.stringify(body ?? null),
        from,
        to: latest(),
        status: answer?.status ?? 0,
        text: answer?.text ?? '',
        body: answer?.body,
        retryAfter: answer?.headers.has('retry-after') ?? false,
        killed: kills.length + ending > killsBefore,
        subject: subject ?? answer?.body?.recoveryId ?? answer?.body?.challengeId,
        recovery,
        code,
      };
      entries.push(entry);
      return entry;
    },
  };
}
