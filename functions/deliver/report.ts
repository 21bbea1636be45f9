/** Logs what became of a message, and that a country's circuit breaker tripped. */
import type { DeliverPorts } from '../../shared/domain/delivery/deliver-code.ts';
import type { Delivered } from '../../shared/domain/delivery/delivered.ts';
import type { MessageFacts } from '../../shared/domain/delivery/delivery-log.ts';
import { heedStatus } from '../../shared/domain/delivery/heed-status.ts';
import { isQuota } from '../../shared/domain/limits/admit-message.ts';
import { countOutcome } from '../../shared/domain/limits/circuit-breaker.ts';
import type {
  NoticeMessage,
  OtpMessage,
  OutcomeMessage,
  StatusMessage,
} from '../../shared/domain/queues/messages.ts';
import { log } from '../../shared/log/log.ts';

export async function count(message: OutcomeMessage, ports: DeliverPorts): Promise<void> {
  const counted = await countOutcome(message, ports);
  if (counted?.tripped === undefined) return;
  const { country, breaker, tripped: stage, known, verified } = counted;
  log('breaker-tripped', { country, breaker, stage, known, verified });
}

export async function heed(message: StatusMessage, { sentSms, ...ports }: DeliverPorts): Promise<void> {
  const heeded = sentSms && (await heedStatus(message, { ...ports, sentSms }));
  if (heeded === undefined) return;
  const { message: of, country, fate, next } = heeded;
  log('sms-status', { challenge: of.challengeId, country, fate, next });
}

/** @param facts of a code to a real address. @param now epoch milliseconds. */
export function report(
  message: OtpMessage | NoticeMessage,
  delivered: Delivered,
  facts: MessageFacts | undefined,
  now: number,
): void {
  const reason = 'reason' in delivered ? delivered.reason : undefined;
  const ended = { outcome: delivered.kind, ...(reason === undefined ? {} : { reason }) };
  if (message.kind === 'otp') {
    log('delivery-ended', { challenge: message.challengeId, ...ended, ...counted(delivered, facts, now) });
    if (reason !== undefined && isQuota(reason)) {
      log('quota-used-up', { challenge: message.challengeId, quota: reason });
    }
  } else {
    log('notice-ended', { user: message.locator, ...ended });
    // The first time that it is stopped, and where it was never told.
    const isNews = delivered.kind === 'held' ? !message.held : delivered.kind === 'failed' && message.held;
    if (isNews && reason !== undefined) log('notice-held', { user: message.locator, reason });
  }
}

/** What metrics count a code by. No number is in it. */
function counted({ kind }: Delivered, facts: MessageFacts | undefined, now: number) {
  if (facts === undefined) return {};
  const { method, country, askedAt } = facts;
  return {
    method,
    ...(country === undefined ? {} : { country }),
    ...(kind === 'sent' && askedAt !== undefined ? { milliseconds: now - askedAt } : {}),
  };
}
