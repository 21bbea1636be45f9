/** The emulators of SNS and SES: what they take, keep in the outbox and refuse. */
import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { startTestAwsEmulator } from './fixtures/aws-emulator.ts';

const phone = '+12025550123';

describe('an SMS', () => {
  it('is in the outbox, its attributes beside it', async () => {
    const aws = await startTestAwsEmulator();
    const { MessageId } = await new SNSClient(aws.client('sns')).send(
      new PublishCommand({
        PhoneNumber: phone,
        Message: 'Ihr Code: 123456 & <gültig>\n@example.com #123456',
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
          'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: '0.50' },
        },
      }),
    );
    expect(aws.outbox.list()).toStrictEqual([
      {
        channel: 'SMS',
        to: phone,
        body: 'Ihr Code: 123456 & <gültig>\n@example.com #123456',
        at: '2030-01-01T12:00:00.000Z',
      },
    ]);
    expect(aws.outbox.sent(phone)).toMatchObject([
      {
        id: MessageId,
        attributes: { 'AWS.SNS.SMS.SMSType': 'Transactional', 'AWS.SNS.SMS.MaxPrice': '0.50' },
      },
    ]);
  });

  it.each([
    ['a number that is not E.164', { PhoneNumber: '202-555-0123', Message: 'hello' }],
    ['no text', { PhoneNumber: phone, Message: '' }],
    ['a topic', { TopicArn: 'arn:aws:sns:eu-central-1:000000000000:topic', Message: 'hello' }],
  ])('is refused for %s', async (_, input) => {
    const aws = await startTestAwsEmulator();
    const refused = new SNSClient(aws.client('sns')).send(new PublishCommand(input));
    await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(aws.outbox.list()).toEqual([]);
  });

  it('is neither lost nor doubled when 100 leave at once', async () => {
    const aws = await startTestAwsEmulator();
    const sns = new SNSClient(aws.client('sns'));
    const numbers = Array.from({ length: 100 }, (_, index) => `+120255501${String(index).padStart(2, '0')}`);
    const sent = await Promise.all(
      numbers.map((PhoneNumber) => sns.send(new PublishCommand({ PhoneNumber, Message: 'hello' }))),
    );
    expect(new Set(sent.map(({ MessageId }) => MessageId)).size).toBe(100);
    expect(
      aws.outbox
        .list()
        .map(({ to }) => to)
        .sort(),
    ).toEqual(numbers);
  });
});

describe('an email', () => {
  it('is one entry for each recipient, newest first', async () => {
    const aws = await startTestAwsEmulator();
    const ses = new SESClient(aws.client('ses'));
    const mail = (Subject: string, Destination: object) =>
      new SendEmailCommand({
        Source: 'Sign-in <no-reply@example.com>',
        Destination,
        Message: {
          Subject: { Data: Subject },
          Body: { Text: { Data: 'plain 1 + 1 = 2' }, Html: { Data: '<p lang="ar">رمز</p>' } },
        },
        ConfigurationSetName: 'codes',
      });
    await ses.send(
      mail('first', {
        ToAddresses: ['Ann <a@example.com>', 'b@example.com'],
        BccAddresses: ['c@example.com'],
      }),
    );
    aws.advance(1);
    await ses.send(mail('second', { ToAddresses: ['a@example.com'] }));
    expect(aws.outbox.list('a@example.com').map(({ subject }) => subject)).toEqual(['second', 'first']);
    expect(aws.outbox.list('c@example.com')).toStrictEqual([
      {
        channel: 'Email',
        to: 'c@example.com',
        subject: 'first',
        body: 'plain 1 + 1 = 2',
        html: '<p lang="ar">رمز</p>',
        at: '2030-01-01T12:00:00.000Z',
      },
    ]);
    expect(aws.outbox.sent('b@example.com')[0]?.attributes).toEqual({
      from: 'Sign-in <no-reply@example.com>',
      configurationSet: 'codes',
    });
    aws.outbox.clear();
    expect(aws.outbox.list()).toEqual([]);
  });

  it('is read out of its MIME parts when sent raw', async () => {
    const aws = await startTestAwsEmulator();
    const raw = [
      'From: no-reply@example.com',
      'To: "Doe, Ann" <a@example.com>,',
      ' b@example.com',
      'Subject: =?UTF-8?Q?Ihr_Code_f=C3=BCr?= =?UTF-8?B?IFDDpHNzZQ==?=',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="outer"',
      '',
      'for readers without MIME',
      '--outer',
      'Content-Type: multipart/alternative;',
      ' boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'G=FCltig =3D a long =',
      'line',
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>Gültig</p>').toString('base64'),
      '--inner--',
      '--outer--',
      '',
    ].join('\r\n');
    const ses = new SESClient(aws.client('ses'));
    await ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
    const [second, first] = aws.outbox.list();
    expect(first).toMatchObject({
      to: 'a@example.com',
      subject: 'Ihr Code für Pässe',
      body: 'Gültig = a long line',
      html: '<p>Gültig</p>',
    });
    expect(second?.to).toBe('b@example.com');
  });

  it('keeps the text of a message without parts, and who it is from', async () => {
    const aws = await startTestAwsEmulator();
    const raw = 'From: Sign-in <no-reply@example.com>\r\nTo: a@example.com\r\n\r\none\r\n\r\ntwo';
    const ses = new SESClient(aws.client('ses'));
    await ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
    expect(aws.outbox.sent('a@example.com')).toMatchObject([
      { subject: '', body: 'one\n\ntwo', attributes: { from: 'Sign-in <no-reply@example.com>' } },
    ]);
  });

  it('is refused where its parts nest without end', async () => {
    const aws = await startTestAwsEmulator();
    const nest = (depth: number): string =>
      depth === 0
        ? 'Content-Type: text/plain\r\n\r\ndeep'
        : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nest(depth - 1)}\r\n--b${depth}--`;
    const send = (depth: number) => {
      const Data = Buffer.from(`From: no-reply@example.com\r\nTo: a@example.com\r\n${nest(depth)}\r\n`);
      return new SESClient(aws.client('ses')).send(new SendRawEmailCommand({ RawMessage: { Data } }));
    };
    await send(4);
    expect(aws.outbox.list()[0]?.body).toBe('deep');
    await expect(send(20)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect(aws.outbox.list()).toHaveLength(1);
  });

  it.each(['nobody', 'ann b@example.com', 'a@example.com, nobody', 'Ann <nobody>', '<>'])(
    'does not go to %s',
    async (to) => {
      const aws = await startTestAwsEmulator();
      const raw = Buffer.from(`From: no-reply@example.com\r\nTo: ${to}\r\n\r\ntext`);
      const ses = new SESClient(aws.client('ses'));
      await expect(ses.send(new SendRawEmailCommand({ RawMessage: { Data: raw } }))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
      expect(aws.outbox.list()).toEqual([]);
    },
  );

  it('needs recipients that are addresses', async () => {
    const aws = await startTestAwsEmulator();
    const send = (ToAddresses: string[]) =>
      new SESClient(aws.client('ses')).send(
        new SendEmailCommand({
          Source: 'no-reply@example.com',
          Destination: { ToAddresses },
          Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
        }),
      );
    await expect(send([])).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(send(['a@example.com', 'nobody'])).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect(aws.outbox.list()).toEqual([]);
  });
});
