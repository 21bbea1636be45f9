/** The delivery worker over a backend of the domain, with a carrier that notes what it is given. */

import type { CarrierResult, CodeMessage } from '../../shared/domain/delivery/carriers.ts';
import { channelHealth } from '../../shared/domain/delivery/channel-health.ts';
import { type Delivered, type DeliverPorts, deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { countOutcome, type OutcomeCounted } from '../../shared/domain/limits/circuit-breaker.ts';
import type { Method } from '../../shared/domain/policy/policy.ts';
import { breakerStore } from '../../shared/store/breaker.ts';
import { deliveryStore } from '../../shared/store/deliveries.ts';
import { quotaStore } from '../../shared/store/quotas.ts';
import type { Table } from '../../shared/store/table.ts';
import type { Backend } from './person.ts';

export interface Worker {
  /** What the carrier took, oldest first. */
  readonly left: (CodeMessage & { readonly method: Method })[];
  /** Delivers what is queued, one after the other. */
  round(): Promise<Delivered[]>;
  /** Delivers what is queued, and what that queues, all at once in each round. */
  work(): Promise<Delivered[]>;
  /** Counts the outcomes of what left. */
  count(): Promise<OutcomeCounted[]>;
  readonly ports: DeliverPorts;
}

const accepted: CarrierResult = { kind: 'accepted' };

export function workerOn(
  table: Table,
  backend: Backend,
  carrier: (method: Method, message: CodeMessage) => CarrierResult = () => accepted,
): Worker {
  const left: Worker['left'] = [];
  const ports: DeliverPorts = {
    ...backend,
    deliveries: deliveryStore(table),
    breaker: breakerStore(table),
    quotas: quotaStore(table),
    health: channelHealth(),
    prices: { SMS: 0.2, Email: 0.0001, Call: 0.25 },
    carriers: {
      async sendCode(method, message) {
        const result = carrier(method, message);
        if (result.kind === 'accepted') left.push({ ...message, method });
        return result;
      },
      async sendNotice() {
        return accepted;
      },
    },
  };
  return {
    left,
    ports,
    async round() {
      const results: Delivered[] = [];
      for (const { message } of backend.queued.splice(0)) results.push(await deliverCode(message, ports));
      return results;
    },
    async work() {
      const results: Delivered[] = [];
      while (backend.queued.length > 0) {
        const round = backend.queued.splice(0);
        results.push(...(await Promise.all(round.map(({ message }) => deliverCode(message, ports)))));
      }
      return results;
    },
    async count() {
      const counted: OutcomeCounted[] = [];
      for (const message of backend.outcomes.splice(0)) {
        const outcome = await countOutcome(message, ports);
        if (outcome) counted.push(outcome);
      }
      return counted;
    },
  };
}
