/** Builds the worker's ports, those that need no keys first. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { kmsClient } from '../../shared/aws/kms.ts';
import { deliveryQueues, noticeQueue, outcomeQueue, showAgain, sqsClient } from '../../shared/aws/sqs.ts';
import { corePorts } from '../../shared/composition/core.ts';
import type { DeliverPorts } from '../../shared/domain/delivery/deliver-code.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';
import { breakerStore } from '../../shared/store/breaker.ts';
import { channelHealth } from '../../shared/store/channel-health.ts';
import { deliveryStore } from '../../shared/store/deliveries.ts';
import { deliveryLog } from '../../shared/store/delivery-log.ts';
import { openCalls } from '../../shared/store/open-calls.ts';
import { quotaStore } from '../../shared/store/quotas.ts';
import { rateLimiter } from '../../shared/store/rate-limiter.ts';
import { sentSmsStore } from '../../shared/store/sent-sms.ts';
import { carriersFor } from './carriers.ts';
import { offerAgain } from './offer-again.ts';
import { pacesOf } from './pace.ts';

const priceOfEmailUsd = 0.0001; // SES: 0.10 USD for a thousand
const usualPriceOfCallUsd = 0.25; // a minute of Connect and of a call to a country that is usual

/** What needs no keys. If keys cannot be derived, this still makes messages visible again in time. */
export function connectQueues() {
  const environment = environmentOf('deliver');
  const sqs = sqsClient();
  const urls = {
    sms: environment.SMS_QUEUE_URL,
    email: environment.EMAIL_QUEUE_URL,
    call: environment.CALL_QUEUE_URL,
    notice: environment.NOTICE_QUEUE_URL,
    outcome: environment.OUTCOME_QUEUE_URL,
  };
  const show = showAgain(sqs, Object.values(urls));
  return {
    environment,
    paces: pacesOf(urls, environment.PACES),
    carriers: carriersFor(environment),
    queues: deliveryQueues(sqs, environment),
    outcomes: outcomeQueue(sqs, urls.outcome),
    notices: noticeQueue(sqs, urls.notice),
    again: (failed: SQSRecord) => offerAgain(failed, show),
  };
}

export type Queues = ReturnType<typeof connectQueues>;

export async function connect({
  environment,
  carriers,
  queues,
  outcomes,
  notices,
}: Queues): Promise<DeliverPorts> {
  const core = await corePorts(environment, kmsClient());
  return {
    ...core,
    limiter: rateLimiter(core.table),
    deliveries: deliveryStore(core.table),
    deliveryLog: deliveryLog(core.table),
    breaker: breakerStore(core.table),
    quotas: quotaStore(core.table),
    prices: {
      SMS: Number(environment.SMS_MAX_PRICE_USD),
      Email: priceOfEmailUsd,
      Call: Number(environment.CALL_MAX_PRICE_USD ?? usualPriceOfCallUsd),
    },
    queues,
    outcomes,
    notices,
    carriers,
    calls: openCalls(core.table, Number(environment.CALLS_AT_ONCE)),
    health: channelHealth(core.table),
    pause: (milliseconds) => delay(milliseconds),
    ...(environment.SMS_STATUS ? { sentSms: sentSmsStore(core.table) } : {}),
    defaultLocale: resolveLocale(environment.DEFAULT_LOCALE, 'en'),
  };
}
