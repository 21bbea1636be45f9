/** SMS through Amazon SNS. */
import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { CarrierResult } from '../domain/delivery/carriers.ts';
import { ask } from './carrier.ts';

interface SmsSettings {
  readonly maxPriceUsd: string;
  readonly senderId?: string | undefined;
  readonly originationNumber?: string | undefined;
  /** As registered in India's DLT, whose carriers drop an SMS that names no sender and no text. */
  readonly india?: { readonly entityId: string; readonly templateId: string } | undefined;
}

/** `Transactional` makes SNS deliver as reliably as it can, rather than as cheaply. */
export function sendSms(
  client: SNSClient,
  settings: SmsSettings,
  to: string,
  message: string,
): Promise<CarrierResult> {
  const attributes = {
    'AWS.SNS.SMS.SMSType': string('Transactional'),
    'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: settings.maxPriceUsd },
    ...(settings.senderId ? { 'AWS.SNS.SMS.SenderID': string(settings.senderId) } : {}),
    ...(settings.originationNumber
      ? { 'AWS.MM.SMS.OriginationNumber': string(settings.originationNumber) }
      : {}),
    ...(settings.india && to.startsWith('+91')
      ? {
          'AWS.MM.SMS.EntityId': string(settings.india.entityId),
          'AWS.MM.SMS.TemplateId': string(settings.india.templateId),
        }
      : {}),
  };
  return ask(async () => {
    const input = { PhoneNumber: to, Message: message, MessageAttributes: attributes };
    return (await client.send(new PublishCommand(input))).MessageId;
  });
}

function string(StringValue: string): MessageAttributeValue {
  return { DataType: 'String', StringValue };
}
