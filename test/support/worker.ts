/** The delivery worker over a backend of the domain, with a carrier that notes what it is given. */

import type { CarrierResult, Carriers, CodeMessage } from '../../shared/domain/delivery/carriers.ts';
import { type DeliverPorts, deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { deliverNotice } from '../../shared/domain/delivery/deliver-notice.ts';
import type { Delivered } from '../../shared/domain/delivery/delivered.ts';
import type { SentSmsStore } from '../../shared/domain/delivery/sent-sms.ts';
import { countOutcome, type OutcomeCounted } from '../../shared/domain/limits/circuit-breaker.ts';
import type { Method } from '../../shared/domain/policy/policy.ts';
import type { NoticeMessage, StatusMessage } from '../../shared/domain/queues/messages.ts';
import { breakerStore } from '../../shared/store/breaker.ts';
import { channelHealth } from '../../shared/store/channel-health.ts';
import { deliveryStore } from '../../shared/store/deliveries.ts';
import { deliveryLog } from '../../shared/store/delivery-log.ts';
import { openCalls } from '../../shared/store/open-calls.ts';
import { quotaStore } from '../../shared/store/quotas.ts';
import { sentSmsStore } from '../../shared/store/sent-sms.ts';
import type { Table } from '../../shared/store/table.ts';
import type { Backend } from './person.ts';

export interface Worker {
  /** What the carrier took, oldest first. */
  readonly left: (CodeMessage & { readonly method: Method })[];
  /** Notices that the carrier took, oldest first. */
  readonly told: Parameters<Carriers['sendNotice']>[1][];
  /** Delivers what is queued, one after the other. */
  round(): Promise<Delivered[]>;
  /** Delivers what is queued, and what that queues, all at once in each round. */
  work(): Promise<Delivered[]>;
  /** Notices that are to be delivered later, with the time of the clock when they are. */
  readonly waiting: { readonly message: NoticeMessage; readonly at: number }[];
  /** Delivers the notices whose time has come, one after the other. */
  notify(): Promise<Delivered[]>;
  /** Counts the outcomes of what left. */
  count(): Promise<OutcomeCounted[]>;
  /** Statuses that are to be looked at again. */
  readonly statuses: StatusMessage[];
  readonly ports: DeliverPorts & { readonly sentSms: SentSmsStore };
}

const accepted: CarrierResult = { kind: 'accepted' };

export function workerOn(
  table: Table,
  backend: Backend,
  carrier: (method: Method, message: CodeMessage) => CarrierResult = () => accepted,
  callsAtOnce = 500,
): Worker {
  const left: Worker['left'] = [];
  const told: Worker['told'] = [];
  const waiting: Worker['waiting'] = [];
  const statuses: StatusMessage[] = [];
  const ports: Worker['ports'] = {
    ...backend,
    outcomes: {
      async send(message) {
        if (message.kind === 'outcome') backend.outcomes.push(message);
        else statuses.push(message);
      },
    },
    calls: openCalls(table, callsAtOnce),
    sentSms: sentSmsStore(table),
    notices: {
      async send(messages, delaySeconds = 0) {
        const at = backend.clock.now() + delaySeconds * 1000;
        waiting.push(...messages.map((message) => ({ message, at })));
      },
    },
    deliveries: deliveryStore(table),
    deliveryLog: deliveryLog(table),
    breaker: breakerStore(table),
    quotas: quotaStore(table),
    health: channelHealth(table),
    pause: async (milliseconds) => backend.advance(milliseconds / 1000),
    prices: { SMS: 0.2, Email: 0.0001, Call: 0.25 },
    carriers: {
      async sendCode(method, message) {
        const result = carrier(method, message);
        if (result.kind === 'accepted') left.push({ ...message, method });
        return result;
      },
      async sendNotice(_, notice) {
        told.push(notice);
        return accepted;
      },
    },
  };
  return {
    left,
    told,
    waiting,
    statuses,
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
    async notify() {
      const results: Delivered[] = [];
      const now = backend.clock.now();
      const due = waiting.splice(0);
      waiting.push(...due.filter(({ at }) => at > now));
      const messages = due.filter(({ at }) => at <= now).map(({ message }) => message);
      for (const message of [...backend.told.splice(0), ...messages])
        results.push(await deliverNotice(message, ports));
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
