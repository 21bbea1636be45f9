/** The carriers over the real clients of the SDK: what they put on the wire, and what they make of its answers. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectClient } from '@aws-sdk/client-connect';
import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HttpHandler } from '../../../shared/aws/trimmed/http-handler.ts';
import { ask, refusalOf } from '../../../shared/carriers/carrier.ts';
import { placeCall } from '../../../shared/carriers/connect.ts';
import { sendEmail } from '../../../shared/carriers/ses.ts';
import { sendSms } from '../../../shared/carriers/sns.ts';
import type { CarrierResult } from '../../../shared/domain/delivery/carriers.ts';

type Reply =
  | { readonly status: number; readonly type: string; readonly body: string }
  | 'silence'
  | 'hang-up';

/** A busy machine is late with an answer. */
const patienceMilliseconds = 30_000;

let server: Server;
let reply: Reply;
let requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    requests.push({ path: request.url ?? '', headers: request.headers, body });
    if (reply === 'silence') return;
    if (reply === 'hang-up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function configuration() {
  return {
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: new HttpHandler(reply === 'silence' ? 200 : patienceMilliseconds),
  };
}

const to = '+12025550123';
const address = 'alice@example.com';
const message = '123456 is your code.';
const deliveryId = 'challenge.slot.1';
const email = { subject: 'Your code', text: 'text 123456', html: '<p>html 123456</p>' };
const call = { instanceId: 'instance', flowId: 'flow', queueId: 'queue' };

const sms = (settings = {}) =>
  sendSms(new SNSClient(configuration()), { maxPriceUsd: '0.20', ...settings }, to, message);
const mail = (settings = {}) =>
  sendEmail(new SESClient(configuration()), { from: 'codes@example.com', ...settings }, address, email);
const ring = (settings: Parameters<typeof placeCall>[1] = call) =>
  placeCall(new ConnectClient(configuration()), settings, to, deliveryId);

const xml = (status: number, body: string): Reply => ({ status, type: 'text/xml', body });
const refusedXml = (status: number, code: string, text = 'no') =>
  xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  );
const refusedJson = (status: number, name: string): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify({ __type: name, Message: `cannot call ${to}` }),
});
const form = () => new URLSearchParams(requests[0]?.body);
const accepted: CarrierResult = { kind: 'accepted' };

/** `name → value` of the attributes of a published message. */
function attributes(): Record<string, string | null> {
  const sent = form();
  const names = [...sent].filter(([key]) => key.endsWith('.Name'));
  return Object.fromEntries(
    names.map(([key, name]) => [name, sent.get(key.replace(/Name$/, 'Value.StringValue'))]),
  );
}

describe('an SMS', () => {
  beforeEach(() => {
    reply = xml(
      200,
      '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
    );
  });

  test('goes to the number as a transactional message with a price limit', async () => {
    expect(await sms()).toEqual({ ...accepted, messageId: 'm' });
    expect(Object.fromEntries(form())).toMatchObject({
      Action: 'Publish',
      PhoneNumber: to,
      Message: message,
    });
    expect(attributes()).toEqual({
      'AWS.SNS.SMS.SMSType': 'Transactional',
      'AWS.SNS.SMS.MaxPrice': '0.20',
    });
  });

  test('names the sender and the number it comes from where they are configured', async () => {
    await sms({ senderId: 'EXAMPLE', originationNumber: '+12025550199' });
    expect(attributes()).toMatchObject({
      'AWS.SNS.SMS.SenderID': 'EXAMPLE',
      'AWS.MM.SMS.OriginationNumber': '+12025550199',
    });
  });

  test('to India names the registered sender and text, which nobody else is told', async () => {
    const india = { entityId: '1101234560000012345', templateId: '1107161234567890123' };
    await sms({ india });
    expect(attributes()).not.toHaveProperty('AWS.MM.SMS.EntityId');
    requests = [];
    await sendSms(new SNSClient(configuration()), { maxPriceUsd: '0.20', india }, '+919876543210', message);
    expect(attributes()).toMatchObject({
      'AWS.MM.SMS.EntityId': india.entityId,
      'AWS.MM.SMS.TemplateId': india.templateId,
    });
  });

  test.each([
    [429, 'Throttled', 'Rate exceeded', 'throttled'],
    [400, 'Throttling', 'Rate exceeded', 'throttled'],
    [400, 'OptedOut', 'no', 'opted-out'],
    [400, 'InvalidParameter', 'Invalid parameter: Phone number is opted out', 'opted-out'],
    [400, 'InvalidParameter', 'Invalid parameter: PhoneNumber', 'permanent'],
    [403, 'AuthorizationError', 'no', 'account-refused'],
    [500, 'InternalError', 'no', 'fault'],
    [400, 'NeverHeardOf', 'no', 'fault'],
  ])('answered %i %s (%s) was refused as %s', async (status, code, text, reason) => {
    reply = refusedXml(status, code, text);
    expect(await sms()).toEqual({ kind: 'refused', reason });
  });
});

describe('an email', () => {
  beforeEach(() => {
    reply = xml(
      200,
      '<SendEmailResponse><SendEmailResult><MessageId>m</MessageId></SendEmailResult></SendEmailResponse>',
    );
  });

  test('goes to one recipient as text and as HTML, in UTF-8', async () => {
    expect(await mail()).toEqual(accepted);
    expect(Object.fromEntries(form())).toMatchObject({
      Action: 'SendEmail',
      Source: 'codes@example.com',
      'Destination.ToAddresses.member.1': address,
      'Message.Subject.Data': email.subject,
      'Message.Subject.Charset': 'UTF-8',
      'Message.Body.Text.Data': email.text,
      'Message.Body.Html.Data': email.html,
    });
    expect(form().has('Destination.ToAddresses.member.2')).toBe(false);
    expect(form().has('ConfigurationSetName')).toBe(false);
  });

  test('names the configuration set where there is one', async () => {
    await mail({ configurationSet: 'codes' });
    expect(form().get('ConfigurationSetName')).toBe('codes');
  });

  test.each([
    [400, 'Throttling', 'Maximum sending rate exceeded.', 'throttled'],
    [400, 'Throttling', 'Daily message quota exceeded.', 'spend-limit'],
    [400, 'MessageRejected', 'Email address is not verified.', 'permanent'],
    [400, 'MessageRejected', 'Sending paused for this account.', 'account-refused'],
    [400, 'MailFromDomainNotVerifiedException', 'no', 'account-refused'],
    [400, 'ConfigurationSetDoesNotExist', 'no', 'account-refused'],
    [400, 'AccountSendingPausedException', 'no', 'spend-limit'],
    [400, 'ConfigurationSetSendingPausedException', 'no', 'spend-limit'],
    [400, 'InvalidParameterValue', 'Illegal address', 'permanent'],
    [403, 'AccessDenied', 'not authorized to perform ses:SendEmail', 'permanent'],
    [503, 'ServiceUnavailable', 'no', 'fault'],
  ])('answered %i %s (%s) was refused as %s', async (status, code, text, reason) => {
    reply = refusedXml(status, code, text);
    expect(await mail()).toEqual({ kind: 'refused', reason });
  });
});

describe('a call', () => {
  beforeEach(() => {
    reply = { status: 200, type: 'application/json', body: '{"ContactId":"c"}' };
  });

  test('carries the id of the delivery and nothing that is to be spoken', async () => {
    expect(await ring()).toEqual(accepted);
    expect(requests[0]?.path).toBe('/contact/outbound-voice');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      DestinationPhoneNumber: to,
      InstanceId: 'instance',
      ContactFlowId: 'flow',
      QueueId: 'queue',
      RingTimeoutInSeconds: 25,
      ClientToken: deliveryId,
      Attributes: { deliveryId },
    });
  });

  test('comes from a number where no queue is configured', async () => {
    await ring({ instanceId: 'instance', flowId: 'flow', sourcePhoneNumber: '+12025550199' });
    const sent = JSON.parse(requests[0]?.body ?? '');
    expect(sent).toMatchObject({ SourcePhoneNumber: '+12025550199' });
    expect(sent).not.toHaveProperty('QueueId');
  });

  test('is repeated under the same token, so that the phone rings once', async () => {
    await ring();
    await ring();
    const tokens = requests.map(({ body }) => JSON.parse(body).ClientToken);
    expect(tokens).toEqual([deliveryId, deliveryId]);
  });

  test.each([
    [403, 'DestinationNotAllowedException', 'destination-not-allowed'],
    [403, 'OutboundContactNotPermittedException', 'account-refused'],
    [429, 'LimitExceededException', 'throttled'],
    [429, 'TooManyRequestsException', 'throttled'],
    [429, 'ThrottlingException', 'throttled'],
    [400, 'InvalidParameterException', 'permanent'],
    [400, 'InvalidRequestException', 'permanent'],
    [404, 'ResourceNotFoundException', 'account-refused'],
    [403, 'AccessDeniedException', 'account-refused'],
    [500, 'InternalServiceException', 'fault'],
  ])('answered %i %s was refused as %s', async (status, name, reason) => {
    reply = refusedJson(status, name);
    expect(await ring()).toEqual({ kind: 'refused', reason });
  });
});

describe.each([
  ['an SMS', sms],
  ['an email', mail],
  ['a call', ring],
] as const)('%s that the carrier', (_, send) => {
  test('does not answer in time may have been sent', async () => {
    reply = 'silence';
    expect(await send()).toEqual({ kind: 'refused', reason: 'timeout' });
  });

  test('hung up on may have been sent too', async () => {
    reply = 'hang-up';
    expect(await send()).toEqual({ kind: 'refused', reason: 'timeout' });
  });

  test('answers with something that is no answer met a fault', async () => {
    reply = { status: 502, type: 'text/html', body: '<html>Bad gateway' };
    expect(await send()).toEqual({ kind: 'refused', reason: 'fault' });
  });
});

describe('an error of a carrier', () => {
  test('passes none of its message on', async () => {
    const thrown = Object.assign(new Error(`cannot send "${message}" to ${to}`), { name: 'MessageRejected' });
    const result = await ask(() => Promise.reject(thrown));
    expect(result).toEqual({ kind: 'refused', reason: 'permanent' });
  });

  test.each(['constructor', '__proto__', 'toString'])('called %s is a fault like any unknown one', (name) => {
    expect(refusalOf(Object.assign(new Error('no'), { name }))).toBe('fault');
  });

  test('that is no error is a fault', () => {
    expect(refusalOf('Throttling')).toBe('fault');
  });
});
