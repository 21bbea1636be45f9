/** The delivery worker's writes: taking a delivery, ending it, failing over to another method. */
import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { DeliveryStore } from '../domain/delivery/delivery-store.ts';
import { readChallengeId } from '../domain/identifiers/challenge-id.ts';
import type { OtpMessage } from '../domain/queues/messages.ts';
import { fromItem } from './attributes.ts';
import { Expression, isConditionFailure, type Table, userKey } from './table.ts';
import { recordOf } from './user-item.ts';

export function deliveryStore({ client, name: TableName }: Table): DeliveryStore {
  const update = async (input: Omit<UpdateItemCommandInput, 'TableName'>) => {
    try {
      return await client.send(new UpdateItemCommand({ TableName, ...input }));
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  };

  const updatedRecord = async (locator: string, expression: Expression) => {
    const parameters = { Key: userKey(locator), ...expression.parameters() };
    const written = await update({ ...parameters, ReturnValues: 'ALL_NEW' });
    return written?.Attributes && recordOf(locator, fromItem(written.Attributes));
  };

  return {
    async claim(message, now, leaseUntil, leaseOwner) {
      const address = readChallengeId(message.challengeId);
      if (address === undefined) return undefined;
      const { expression, delivery } = lastDelivery(message);
      const status = expression.path(...delivery, 'status');
      const lease = expression.path(...delivery, 'leaseUntil');
      const holder = expression.path(...delivery, 'leaseOwner');
      const own = expression.value(leaseOwner);
      const sending = expression.value('sending');
      const at = expression.value(now);
      expression
        .require(`${expression.path('challenges', message.challengeKey, 'expiresAt')} > ${at}`)
        .require(
          `${status} = ${expression.value('queued')} OR ${status} = ${sending} AND ${lease} <= ${at} OR ${status} = ${sending} AND ${holder} = ${own}`,
        )
        .set(status, sending)
        .set(lease, expression.value(leaseUntil))
        .set(holder, own);
      return updatedRecord(address.locator, expression);
    },

    async finish(message, leaseOwner, status) {
      const { expression, delivery } = ownDelivery(message, leaseOwner);
      expression.set(expression.path(...delivery, 'status'), expression.value(status));
      await update({ Key: keyOf(message), ...expression.parameters() });
    },

    async release(message, leaseOwner, tries) {
      const { expression, delivery } = ownDelivery(message, leaseOwner);
      expression
        .set(expression.path(...delivery, 'status'), expression.value('queued'))
        .set(expression.path(...delivery, 'tries'), expression.value(tries));
      return (await update({ Key: keyOf(message), ...expression.parameters() })) !== undefined;
    },

    async failOver(message, leaseOwner, method, refused) {
      const { expression, delivery } = ownDelivery(message, leaseOwner);
      expression
        .set(expression.path(...delivery, 'method'), expression.value(method))
        .set(expression.path(...delivery, 'refused'), expression.value(refused))
        .set(expression.path(...delivery, 'status'), expression.value('queued'))
        .remove(expression.path(...delivery, 'tries'));
      return (await update({ Key: keyOf(message), ...expression.parameters() })) !== undefined;
    },

    async claimNotice({ locator, notice, address }, now, leaseUntil, leaseOwner) {
      const expression = new Expression();
      const path = (name: string) => expression.path('notices', notice, name);
      const [notified, lease, holder] = [
        path('notified'),
        path(`${address}Lease`),
        path(`${address}LeaseOwner`),
      ];
      const own = expression.value(leaseOwner);
      expression
        .require(`attribute_exists(${expression.path('notices', notice)})`)
        .require(
          `attribute_not_exists(${notified}) OR NOT contains(${notified}, ${expression.value(address)})`,
        )
        .require(
          `attribute_not_exists(${lease}) OR ${lease} <= ${expression.value(now)} OR ${holder} = ${own}`,
        )
        .set(lease, expression.value(leaseUntil))
        .set(holder, own);
      return updatedRecord(locator, expression);
    },

    async releaseNotice({ locator, notice, address }, leaseOwner) {
      const expression = new Expression();
      expression
        .require(
          `${expression.path('notices', notice, `${address}LeaseOwner`)} = ${expression.value(leaseOwner)}`,
        )
        .remove(expression.path('notices', notice, `${address}Lease`));
      await update({ Key: userKey(locator), ...expression.parameters() });
    },

    async recordNotified({ locator, notice, address }) {
      const expression = new Expression();
      const notified = expression.path('notices', notice, 'notified');
      const none = expression.value([]);
      expression
        .require(`attribute_exists(${expression.path('notices', notice)})`)
        .set(notified, `list_append(if_not_exists(${notified}, ${none}), ${expression.value([address])})`);
      return updatedRecord(locator, expression);
    },

    async forgetNotices(locator, notices) {
      const expression = new Expression().require('attribute_exists(pk)');
      for (const notice of notices) expression.remove(expression.path('notices', notice));
      await update({ Key: userKey(locator), ...expression.parameters() });
    },
  };
}

/** The key of the record. Only for a delivery that was claimed, so that its id is one of ours. */
function keyOf({ challengeId }: OtpMessage) {
  return userKey(readChallengeId(challengeId)?.locator as string);
}

/** An expression that holds while the delivery is this claim's. A worker that lost its lease ends nothing. */
function ownDelivery(message: OtpMessage, leaseOwner: string) {
  const { expression, delivery } = lastDelivery(message);
  expression.require(`${expression.path(...delivery, 'leaseOwner')} = ${expression.value(leaseOwner)}`);
  return { expression, delivery };
}

/** An expression that holds while the message's delivery is the last of its challenge. */
function lastDelivery({ challengeKey, challengeId, sequence }: OtpMessage) {
  const expression = new Expression();
  const delivery = ['challenges', challengeKey, 'delivery'] as const;
  expression
    .require(`${expression.path('challenges', challengeKey, 'id')} = ${expression.value(challengeId)}`)
    .require(`${expression.path(...delivery, 'sequence')} = ${expression.value(sequence)}`);
  return { expression, delivery };
}
