/** The delivery worker's writes: taking a send, ending it, turning it to another method. */
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
    async claim(message, now, leaseUntil, claimant) {
      const address = readChallengeId(message.challengeId);
      if (address === undefined) return undefined;
      const { expression, send } = lastSend(message);
      const delivery = expression.path(...send, 'delivery');
      const lease = expression.path(...send, 'leaseUntil');
      const holder = expression.path(...send, 'claimant');
      const own = expression.value(claimant);
      const sending = expression.value('sending');
      const at = expression.value(now);
      expression
        .require(`${expression.path('challenges', message.slot, 'expiresAt')} > ${at}`)
        .require(
          `${delivery} = ${expression.value('queued')} OR ${delivery} = ${sending} AND ${lease} <= ${at} OR ${delivery} = ${sending} AND ${holder} = ${own}`,
        )
        .set(delivery, sending)
        .set(lease, expression.value(leaseUntil))
        .set(holder, own);
      return updatedRecord(address.locator, expression);
    },

    async finish(message, claimant, delivery) {
      const { expression, send } = ownSend(message, claimant);
      expression.set(expression.path(...send, 'delivery'), expression.value(delivery));
      await update({ Key: keyOf(message), ...expression.parameters() });
    },

    async release(message, claimant, tries) {
      const { expression, send } = ownSend(message, claimant);
      expression
        .set(expression.path(...send, 'delivery'), expression.value('queued'))
        .set(expression.path(...send, 'tries'), expression.value(tries));
      return (await update({ Key: keyOf(message), ...expression.parameters() })) !== undefined;
    },

    async turnTo(message, claimant, method, refused) {
      const { expression, send } = ownSend(message, claimant);
      expression
        .set(expression.path(...send, 'method'), expression.value(method))
        .set(expression.path(...send, 'refused'), expression.value(refused))
        .set(expression.path(...send, 'delivery'), expression.value('queued'))
        .remove(expression.path(...send, 'tries'));
      return (await update({ Key: keyOf(message), ...expression.parameters() })) !== undefined;
    },

    async claimNotice({ locator, notice, address }, now, leaseUntil, claimant) {
      const expression = new Expression();
      const path = (name: string) => expression.path('notices', notice, name);
      const [told, lease, holder] = [path('told'), path(`${address}Lease`), path(`${address}Claimant`)];
      const own = expression.value(claimant);
      expression
        .require(`attribute_exists(${expression.path('notices', notice)})`)
        .require(`attribute_not_exists(${told}) OR NOT contains(${told}, ${expression.value(address)})`)
        .require(
          `attribute_not_exists(${lease}) OR ${lease} <= ${expression.value(now)} OR ${holder} = ${own}`,
        )
        .set(lease, expression.value(leaseUntil))
        .set(holder, own);
      return updatedRecord(locator, expression);
    },

    async releaseNotice({ locator, notice, address }, claimant) {
      const expression = new Expression();
      expression
        .require(
          `${expression.path('notices', notice, `${address}Claimant`)} = ${expression.value(claimant)}`,
        )
        .remove(expression.path('notices', notice, `${address}Lease`));
      await update({ Key: userKey(locator), ...expression.parameters() });
    },

    async told({ locator, notice, address }) {
      const expression = new Expression();
      const told = expression.path('notices', notice, 'told');
      const none = expression.value([]);
      expression
        .require(`attribute_exists(${expression.path('notices', notice)})`)
        .set(told, `list_append(if_not_exists(${told}, ${none}), ${expression.value([address])})`);
      return updatedRecord(locator, expression);
    },

    async forgetNotices(locator, notices) {
      const expression = new Expression().require('attribute_exists(pk)');
      for (const notice of notices) expression.remove(expression.path('notices', notice));
      await update({ Key: userKey(locator), ...expression.parameters() });
    },
  };
}

/** Of a send that was claimed, so that its id is one of ours. */
function keyOf({ challengeId }: OtpMessage) {
  return userKey(readChallengeId(challengeId)?.locator as string);
}

/** The same while the send is this claim's: a worker whose lease another has taken over ends nothing. */
function ownSend(message: OtpMessage, claimant: string) {
  const { expression, send } = lastSend(message);
  expression.require(`${expression.path(...send, 'claimant')} = ${expression.value(claimant)}`);
  return { expression, send };
}

/** An expression that holds while the message's send is the last of its challenge. */
function lastSend({ slot, challengeId, sequence }: OtpMessage) {
  const expression = new Expression();
  const send = ['challenges', slot, 'send'] as const;
  expression
    .require(`${expression.path('challenges', slot, 'id')} = ${expression.value(challengeId)}`)
    .require(`${expression.path(...send, 'sequence')} = ${expression.value(sequence)}`);
  return { expression, send };
}
