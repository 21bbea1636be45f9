/** The routes that sign, on a real table and with a clock that stands still; whatever is signed is noted. */

import { check } from '../../../functions/kba-check/check.ts';
import { choose } from '../../../functions/recovery/choose.ts';
import type { Ports as RecoveryPorts } from '../../../functions/recovery/ports.ts';
import { present } from '../../../functions/recovery/present.ts';
import { redeem } from '../../../functions/verify-otp/redeem.ts';
import { verify } from '../../../functions/verify-otp/verify.ts';
import { idempotencyOf } from '../../../shared/domain/identifiers/request-id.ts';
import { defaultPolicy } from '../../../shared/domain/policy/policy.ts';
import { endRecovery } from '../../../shared/domain/recovery/end-recovery.ts';
import { readRecovery } from '../../../shared/domain/recovery/recovery.ts';
import { recoveryStore } from '../../../shared/store/recoveries.ts';
import { restrictionStore } from '../../../shared/store/restrictions.ts';
import { type Backend, backendOn, trusting } from '../../support/person.ts';
import { startTable } from '../../support/table.ts';

export type Ports = RecoveryPorts & Backend;

/** A request that somebody sends who knows what it says. */
export interface Asked {
  readonly route: 'verify' | 'check' | 'redeem' | 'choose' | 'read' | 'finish';
  readonly client: string;
  /** Of the challenge or the recovery. */
  readonly id?: string;
  readonly body?: object;
  /** Its `Idempotency-Key`. */
  readonly key?: string;
  /** Seconds after the story that it is sent. */
  readonly later?: number;
}

export interface World {
  readonly ports: Ports;
  readonly table: Awaited<ReturnType<typeof startTable>>;
  /** What was signed for it, in the order of its signatures; a refusal and a fault sign nothing. */
  signedFor(asked: Asked): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param quiet whether the log lines of the routes, thousands of them, are left out */
export async function startWorld(quiet: boolean): Promise<World> {
  const table = await startTable();
  const signed: string[] = [];
  const forgotPhone = { enabled: true, method: 'kba' as const, usersSelect: true };
  const backend = backendOn(table, { ...defaultPolicy, ...trusting, securityCodes: 'both', forgotPhone });
  const ports: Ports = {
    ...backend,
    recoveries: recoveryStore(table, backend.keyring),
    restrictions: restrictionStore(table),
    pollUntil: (look) => look(),
    workflow: { start: async () => {}, succeed: async () => 'resumed', fail: async () => 'resumed' },
    answers: { find: async () => undefined, keep: async (_id, _key, answer) => answer },
    issuer: 'https://issuer.example',
    clientIdClaim: 'client_id',
    signer: {
      keyId: 'signing-1',
      async sign(input) {
        signed.push(Buffer.from(input.split('.')[1] ?? '', 'base64url').toString());
        return Buffer.alloc(8);
      },
    },
  };
  return {
    ports,
    table,
    async signedFor(asked) {
      const before = signed.length;
      const { later = 0 } = asked;
      backend.advance(later);
      await (quiet ? withoutLog(() => send(asked, ports)) : send(asked, ports)).catch(() => undefined);
      backend.advance(-later);
      return signed.slice(before);
    },
    close: () => table.close(),
  };
}

async function withoutLog<T>(run: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await run();
  } finally {
    process.stdout.write = write;
  }
}

async function send({ route, client, id = '', body = {}, key }: Asked, ports: Ports): Promise<unknown> {
  const idempotency = key === undefined ? undefined : idempotencyOf(client, `/${route}/${id}`, key, body);
  const request = {
    path: { challengeId: id, recoveryId: id },
    body,
    caller: { client },
    idempotency,
  } as never;
  switch (route) {
    case 'verify':
      return verify.handle(request, ports);
    case 'check':
      return check.handle(request, ports as never);
    case 'redeem':
      return redeem.handle(request, ports);
    case 'choose':
      return choose.handle(request, ports);
    case 'finish':
      await endRecovery(id, 'succeeded', ports);
      return send({ route: 'read', client, id }, ports);
    case 'read': {
      const recovery = await readRecovery(id, client, ports);
      return recovery && present(recovery, ports);
    }
  }
}
