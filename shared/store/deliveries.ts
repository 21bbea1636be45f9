/** The delivery worker's writes: taking a send, ending it, turning it to another method. */
import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { readChallengeId } from '../domain/challenge-id.ts';
import type { DeliveryStore, OtpMessage } from '../domain/ports.ts';
import { Expression, fromItem, isConditionFailure, type Table, userKey } from './table.ts';
import { recordOf } from './users.ts';

export function deliveryStore({ client, name: TableName }: Table): DeliveryStore {
  const update = async (input: Omit<UpdateItemCommandInput, 'TableName'>) => {
    try {
      return await client.send(new UpdateItemCommand({ TableName, ...input }));
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  };

  return {
    async claim(message, now, leaseUntil, claimant) {
      const Key = keyOf(message);
      if (Key === undefined) return undefined;
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
      const written = await update({ Key, ...expression.parameters(), ReturnValues: 'ALL_NEW' });
      const locator = readChallengeId(message.challengeId)?.locator as string;
      return written?.Attributes && recordOf(locator, fromItem(written.Attributes));
    },

    async finish(message, delivery) {
      const Key = keyOf(message);
      const { expression, send } = lastSend(message);
      expression.set(expression.path(...send, 'delivery'), expression.value(delivery));
      if (Key) await update({ Key, ...expression.parameters() });
    },

    async turnTo(message, method, refused) {
      const Key = keyOf(message);
      const { expression, send } = lastSend(message);
      expression
        .set(expression.path(...send, 'method'), expression.value(method))
        .set(expression.path(...send, 'refused'), expression.value(refused))
        .set(expression.path(...send, 'delivery'), expression.value('queued'));
      return Key !== undefined && (await update({ Key, ...expression.parameters() })) !== undefined;
    },

    async told({ locator, notice, address }) {
      const expression = new Expression();
      const told = expression.path('notices', notice, 'told');
      const none = expression.value([]);
      expression
        .require(`attribute_exists(${expression.path('notices', notice)})`)
        .set(told, `list_append(if_not_exists(${told}, ${none}), ${expression.value([address])})`);
      await update({ Key: userKey(locator), ...expression.parameters() });
    },
  };
}

function keyOf(message: OtpMessage) {
  const address = readChallengeId(message.challengeId);
  return address && userKey(address.locator);
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
