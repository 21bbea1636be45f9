/** deliver: takes ids off the delivery queues and sends what they stand for, once each. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { kmsClient } from '../../shared/aws/kms.ts';
import { deliveryQueues, noticeQueue, sqsClient } from '../../shared/aws/sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import { channelHealth } from '../../shared/domain/delivery/channel-health.ts';
import { type Delivered, type DeliverPorts, deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import { deliverNotice } from '../../shared/domain/delivery/deliver-notice.ts';
import { isQuota } from '../../shared/domain/limits/admit-message.ts';
import { countOutcome } from '../../shared/domain/limits/circuit-breaker.ts';
import type { NoticeMessage, OtpMessage, OutcomeMessage } from '../../shared/domain/queues/messages.ts';
import { readQueueMessage } from '../../shared/domain/queues/read-message.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { faultOf } from '../../shared/log/fault.ts';
import { log } from '../../shared/log/log.ts';
import { namingRequests } from '../../shared/log/request-ids.ts';
import { breakerStore } from '../../shared/store/breaker.ts';
import { deliveryStore } from '../../shared/store/deliveries.ts';
import { quotaStore } from '../../shared/store/quotas.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import { carriersFor, type PacedCarriers } from './carriers.ts';
import { offerAgain } from './offer-again.ts';

interface Ports extends DeliverPorts {
  readonly carriers: PacedCarriers;
}

/** What needs no keys, so that messages are offered again in time also where keys cannot be derived. */
function connectQueues() {
  const environment = environmentOf('deliver');
  const sqs = sqsClient();
  const { SMS_QUEUE_URL, EMAIL_QUEUE_URL, CALL_QUEUE_URL, NOTICE_QUEUE_URL } = environment;
  const urls = [SMS_QUEUE_URL, EMAIL_QUEUE_URL, CALL_QUEUE_URL, NOTICE_QUEUE_URL];
  return {
    environment,
    carriers: carriersFor(environment),
    queues: deliveryQueues(sqs, environment),
    notices: noticeQueue(sqs, NOTICE_QUEUE_URL),
    again: (failed: SQSRecord) => offerAgain(failed, sqs, urls),
  };
}
type Queues = ReturnType<typeof connectQueues>;

async function connect({ environment, carriers, queues, notices }: Queues): Promise<Ports> {
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    counters: rateLimiter(core.table),
    deliveries: deliveryStore(core.table),
    breaker: breakerStore(core.table),
    quotas: quotaStore(core.table),
    prices: {
      SMS: Number(environment.SMS_MAX_PRICE_USD),
      Email: priceOfEmailUsd,
      Call: Number(environment.CALL_MAX_PRICE_USD ?? usualPriceOfCallUsd),
    },
    queues,
    notices,
    carriers,
    health: channelHealth(),
    defaultLocale: environment.DEFAULT_LOCALE,
  };
}

const priceOfEmailUsd = 0.0001; // SES: a tenth of a dollar for a thousand
const usualPriceOfCallUsd = 0.25; // a minute of Connect and of a call within the countries that are usual

let queues: Queues | undefined;
let connected: Promise<Ports> | undefined;

/** A message that met a fault of our own is offered again by its queue; the rest of the batch is done. */
async function deliverAll(event: SQSEvent): Promise<SQSBatchResponse> {
  queues ??= connectQueues();
  const { again, carriers } = queues;
  connected ??= connect(queues);
  const ports = connected;
  ports.catch(() => {
    connected = undefined;
  });
  const results = await Promise.all(event.Records.map((record) => deliver(record, ports, again)));
  await carriers.paced();
  return {
    batchItemFailures: results.flatMap((failed) =>
      failed === undefined ? [] : [{ itemIdentifier: failed }],
    ),
  };
}

export const handler = namingRequests(deliverAll);

async function deliver(
  record: SQSRecord,
  connecting: Promise<Ports>,
  again: Queues['again'],
): Promise<string | undefined> {
  const message = readQueueMessage(record.body);
  if (message === undefined) {
    // Offered again until it is among the dead letters, whose alarm somebody looks at.
    log('delivery-failed', { kind: 'unreadable', fault: faultOf(new SyntaxError()) });
    return record.messageId;
  }
  try {
    const ports = await connecting;
    if (message.kind === 'outcome') {
      await count(message, ports);
      return undefined;
    }
    const delivered = await (message.kind === 'otp'
      ? deliverCode(message, ports)
      : deliverNotice(message, ports));
    report(message, delivered);
    return undefined;
  } catch (error) {
    log('delivery-failed', { kind: message.kind, fault: faultOf(error) });
    await again(record);
    return record.messageId;
  }
}

async function count(message: OutcomeMessage, ports: DeliverPorts): Promise<void> {
  const counted = await countOutcome(message, ports);
  if (counted?.tripped === undefined) return;
  const { country, tripped: stage, known, verified } = counted;
  log('breaker-tripped', { country, stage, known, verified });
}

function report(message: OtpMessage | NoticeMessage, delivered: Delivered): void {
  const reason = 'reason' in delivered ? delivered.reason : undefined;
  const ended = { outcome: delivered.kind, ...(reason === undefined ? {} : { reason }) };
  if (message.kind === 'otp') {
    log('delivery-ended', { challenge: message.challengeId, ...ended });
    if (reason !== undefined && isQuota(reason)) {
      log('quota-used-up', { challenge: message.challengeId, quota: reason });
    }
  } else log('notice-ended', { user: message.locator, ...ended });
}
