/** The delivery worker's writes about a notice: claiming one of its addresses, and recording who was notified. */
import type { DeliveryStore } from '../domain/delivery/delivery-store.ts';
import type { NoticeMessage } from '../domain/queues/messages.ts';
import { Expression, type Table } from './table.ts';
import { sendUpdate, trySendUpdate } from './write-user.ts';

type NoticeDeliveries = Pick<
  DeliveryStore,
  'claimNotice' | 'releaseNotice' | 'holdNotice' | 'recordNotified' | 'forgetNotices'
>;

export function noticeDeliveries(table: Table): NoticeDeliveries {
  return {
    claimNotice(message, now, leaseUntil, leaseOwner) {
      return sendUpdate(table, message.locator, claimExpression(message, now, leaseUntil, leaseOwner));
    },

    async releaseNotice({ locator, notice, address }, leaseOwner) {
      const expression = new Expression();
      expression
        .require(
          `${expression.path('notices', notice, `${address}LeaseOwner`)} = ${expression.value(leaseOwner)}`,
        )
        .remove(expression.path('notices', notice, `${address}Lease`));
      await trySendUpdate(table, locator, expression);
    },

    async holdNotice({ locator, notice, address }, leaseOwner, until) {
      const expression = new Expression();
      const holder = expression.path('notices', notice, `${address}LeaseOwner`);
      expression
        .require(`${holder} = ${expression.value(leaseOwner)}`)
        .set(expression.path('notices', notice, `${address}Lease`), expression.value(until));
      await trySendUpdate(table, locator, expression);
    },

    recordNotified({ locator, notice, address }) {
      const expression = new Expression();
      const notified = expression.path('notices', notice, 'notified');
      const none = expression.value([]);
      expression
        .require(`attribute_exists(${expression.path('notices', notice)})`)
        .set(notified, `list_append(if_not_exists(${notified}, ${none}), ${expression.value([address])})`);
      return sendUpdate(table, locator, expression);
    },

    async forgetNotices(locator, notices) {
      const expression = new Expression().require('attribute_exists(pk)');
      for (const notice of notices) expression.remove(expression.path('notices', notice));
      await trySendUpdate(table, locator, expression);
    },
  };
}

/**
 * Takes an address that was not notified yet and that no other worker holds. If the reply is lost, the SDK repeats
 * the write: it holds for the same lease owner, too.
 */
function claimExpression(
  { notice, address }: NoticeMessage,
  now: number,
  leaseUntil: number,
  leaseOwner: string,
): Expression {
  const expression = new Expression();
  const path = (name: string) => expression.path('notices', notice, name);
  const [notified, lease, holder] = [path('notified'), path(`${address}Lease`), path(`${address}LeaseOwner`)];
  const own = expression.value(leaseOwner);
  return expression
    .require(`attribute_exists(${expression.path('notices', notice)})`)
    .require(`attribute_not_exists(${notified}) OR NOT contains(${notified}, ${expression.value(address)})`)
    .require(`attribute_not_exists(${lease}) OR ${lease} <= ${expression.value(now)} OR ${holder} = ${own}`)
    .set(lease, expression.value(leaseUntil))
    .set(holder, own);
}
