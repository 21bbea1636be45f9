/** An AWS account on this machine that only answers what `doctor` asks, in the words of AWS's API references. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Account {
  readonly inSmsSandbox: boolean;
  /** Of SNS: `MonthlySpendLimit` and so on. */
  readonly smsAttributes: Readonly<Record<string, string>>;
  readonly emailsPerDay: number;
  readonly emailsPerSecond: number;
  readonly sendingEnabled: boolean;
  readonly verified: readonly string[];
  /** Undefined: there is no such instance. */
  readonly connect: object | undefined;
  readonly numbers: readonly string[];
  readonly callsAtOnce: number;
  readonly concurrency: number;
  /** Set aside by functions that are there. */
  readonly reserved?: number;
  /** Operations that are refused for a missing right. */
  readonly denied: readonly string[];
}

/** As AWS gives one. */
export const firstDay: Account = {
  inSmsSandbox: true,
  smsAttributes: { MonthlySpendLimit: '1' },
  emailsPerDay: 200,
  emailsPerSecond: 1,
  sendingEnabled: true,
  verified: [],
  connect: { InstanceStatus: 'ACTIVE', OutboundCallsEnabled: false },
  numbers: [],
  callsAtOnce: 10,
  concurrency: 10,
  denied: [],
};

export async function startAccount(account: Account) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const operation = operationOf(request, body);
    asked.push(operation);
    const type = answers[operation]?.type ?? 'json';
    if (account.denied.includes(operation)) {
      response.writeHead(403, { 'content-type': types[type], 'x-amzn-errortype': 'AccessDeniedException' });
      response.end(type === 'xml' ? deniedXml : '{"__type":"AccessDeniedException","Message":"no"}');
      return;
    }
    if (operation === `GET /instance/${instanceId}` && account.connect === undefined) {
      response.writeHead(404, {
        'content-type': types.json,
        'x-amzn-errortype': 'ResourceNotFoundException',
      });
      response.end('{"Message":"no"}');
      return;
    }
    response.writeHead(answers[operation] === undefined ? 404 : 200, { 'content-type': types[type] });
    response.end(answers[operation]?.of(account, body) ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () => server.close(),
  };
}

const types = { xml: 'text/xml', json: 'application/json' } as const;
const deniedXml =
  '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';

function operationOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1] ?? '';
  return new URLSearchParams(body).get('Action') ?? `${method} ${url.split('?')[0]}`;
}

const query = (operation: string, result: string) =>
  `<${operation}Response><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`;

/** Lists of AWS come in pages, of which the first may hold nothing of what is asked for. */
const onSecondPage = (asked: string, answer: object) =>
  JSON.stringify(asked.includes('"NextToken"') ? answer : { NextToken: 'more' });

const instanceId = '11111111-2222-4333-8444-555555555555';

const answers: Readonly<
  Record<string, { type: 'xml' | 'json'; of(account: Account, body: string): string }>
> = {
  GetCallerIdentity: {
    type: 'xml',
    of: () =>
      query(
        'GetCallerIdentity',
        '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/a</Arn>',
      ),
  },
  GetSMSSandboxAccountStatus: {
    type: 'xml',
    of: ({ inSmsSandbox }) =>
      query('GetSMSSandboxAccountStatus', `<IsInSandbox>${inSmsSandbox}</IsInSandbox>`),
  },
  GetSMSAttributes: {
    type: 'xml',
    of({ smsAttributes }) {
      const entries = Object.entries(smsAttributes).map(
        ([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`,
      );
      return query('GetSMSAttributes', `<attributes>${entries.join('')}</attributes>`);
    },
  },
  GetSendQuota: {
    type: 'xml',
    of: ({ emailsPerDay, emailsPerSecond }) =>
      query(
        'GetSendQuota',
        `<SentLast24Hours>0.0</SentLast24Hours><Max24HourSend>${emailsPerDay}</Max24HourSend><MaxSendRate>${emailsPerSecond}</MaxSendRate>`,
      ),
  },
  GetAccountSendingEnabled: {
    type: 'xml',
    of: ({ sendingEnabled }) => query('GetAccountSendingEnabled', `<Enabled>${sendingEnabled}</Enabled>`),
  },
  GetIdentityVerificationAttributes: {
    type: 'xml',
    of({ verified }) {
      const entries = verified.map(
        (key) =>
          `<entry><key>${key}</key><value><VerificationStatus>Success</VerificationStatus></value></entry>`,
      );
      return query(
        'GetIdentityVerificationAttributes',
        `<VerificationAttributes>${entries.join('')}</VerificationAttributes>`,
      );
    },
  },
  [`GET /instance/${instanceId}`]: {
    type: 'json',
    of: ({ connect }) => JSON.stringify({ Instance: connect }),
  },
  'POST /phone-number/list': {
    type: 'json',
    of: ({ numbers }, body) =>
      onSecondPage(body, { ListPhoneNumbersSummaryList: numbers.map((PhoneNumber) => ({ PhoneNumber })) }),
  },
  ListServiceQuotas: {
    type: 'json',
    of: ({ callsAtOnce }, body) =>
      onSecondPage(body, {
        Quotas: [{ QuotaName: 'Concurrent active calls per instance', Value: callsAtOnce }],
      }),
  },
  'GET /2016-08-19/account-settings': {
    type: 'json',
    of: ({ concurrency, reserved = 0 }) =>
      JSON.stringify({
        AccountLimit: {
          ConcurrentExecutions: concurrency,
          UnreservedConcurrentExecutions: concurrency - reserved,
        },
      }),
  },
};
