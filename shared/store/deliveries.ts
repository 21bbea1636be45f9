/** The delivery worker's writes about a code: claiming its delivery, ending it, failing over to another method. */
import type { DeliveryStore } from '../domain/delivery/delivery-store.ts';
import { readChallengeId } from '../domain/identifiers/challenge-id.ts';
import type { OtpMessage } from '../domain/queues/messages.ts';
import { noticeDeliveries } from './notice-deliveries.ts';
import { Expression, type Table } from './table.ts';
import { sendUpdate, trySendUpdate } from './write-user.ts';

export function deliveryStore(table: Table): DeliveryStore {
  return {
    ...noticeDeliveries(table),

    async claim(message, now, leaseUntil, leaseOwner) {
      const address = readChallengeId(message.challengeId);
      if (address === undefined) return undefined;
      return sendUpdate(table, address.locator, claimExpression(message, now, leaseUntil, leaseOwner));
    },

    async finish(message, leaseOwner, status) {
      const { expression, delivery } = ownDelivery(message, leaseOwner);
      expression.set(expression.path(...delivery, 'status'), expression.value(status));
      await trySendUpdate(table, locatorOf(message), expression);
    },

    async release(message, leaseOwner, tries) {
      const { expression, delivery } = ownDelivery(message, leaseOwner);
      expression
        .set(expression.path(...delivery, 'status'), expression.value('queued'))
        .set(expression.path(...delivery, 'tries'), expression.value(tries));
      return trySendUpdate(table, locatorOf(message), expression);
    },

    async failOver(message, leaseOwner, { method, refused, attempts, wasSent }) {
      const { expression, delivery } = ownDelivery(message, leaseOwner);
      if (wasSent)
        expression.require(`${expression.path(...delivery, 'status')} = ${expression.value('sent')}`);
      const made = expression.path('challenges', message.challengeKey, 'attempts');
      expression
        .require(`size(${made}) = ${expression.value(attempts)}`)
        .set(expression.path(...delivery, 'method'), expression.value(method))
        .set(expression.path(...delivery, 'refused'), expression.value(refused))
        .set(expression.path(...delivery, 'status'), expression.value('queued'))
        .remove(expression.path(...delivery, 'tries'));
      return trySendUpdate(table, locatorOf(message), expression);
    },
  };
}

/**
 * Takes a delivery that is queued, or whose lease ran out. If the reply is lost, the SDK repeats the write: it holds
 * for the same lease owner, too.
 */
function claimExpression(message: OtpMessage, now: number, leaseUntil: number, leaseOwner: string) {
  const { expression, delivery } = lastDelivery(message);
  const status = expression.path(...delivery, 'status');
  const lease = expression.path(...delivery, 'leaseUntil');
  const holder = expression.path(...delivery, 'leaseOwner');
  const own = expression.value(leaseOwner);
  const sending = expression.value('sending');
  const at = expression.value(now);
  return expression
    .require(`${expression.path('challenges', message.challengeKey, 'expiresAt')} > ${at}`)
    .require(
      `${status} = ${expression.value('queued')} OR ${status} = ${sending} AND ${lease} <= ${at} OR ${status} = ${sending} AND ${holder} = ${own}`,
    )
    .set(status, sending)
    .set(lease, expression.value(leaseUntil))
    .set(holder, own);
}

/** Only for a delivery that was claimed: its challenge id was read once already. */
function locatorOf({ challengeId }: OtpMessage): string {
  return readChallengeId(challengeId)?.locator as string;
}

/** Holds while this lease owner has the delivery: a worker that lost its lease changes nothing. */
function ownDelivery(message: OtpMessage, leaseOwner: string) {
  const { expression, delivery } = lastDelivery(message);
  expression.require(`${expression.path(...delivery, 'leaseOwner')} = ${expression.value(leaseOwner)}`);
  return { expression, delivery };
}

/** Holds while the message's delivery is the last one of its challenge: after a resend, an older code is not sent. */
function lastDelivery({ challengeKey, challengeId, sequence }: OtpMessage) {
  const expression = new Expression();
  const delivery = ['challenges', challengeKey, 'delivery'] as const;
  expression
    .require(`${expression.path('challenges', challengeKey, 'id')} = ${expression.value(challengeId)}`)
    .require(`${expression.path(...delivery, 'sequence')} = ${expression.value(sequence)}`);
  return { expression, delivery };
}
