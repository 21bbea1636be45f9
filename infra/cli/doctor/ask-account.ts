/** Asks AWS for the state of the account, with the caller's own credentials. Every request only reads. */
import { ConnectClient, DescribeInstanceCommand, paginateListPhoneNumbersV2 } from '@aws-sdk/client-connect';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import {
  GetAccountSendingEnabledCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SESClient,
} from '@aws-sdk/client-ses';
import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Stage } from '../../configuration/stage.ts';
import { senderOf } from '../../construct/sender.ts';
import type { Facts, Known } from './facts.ts';

const patience = 10_000;

export async function askAccount(stage: Stage): Promise<Facts> {
  const { region, voice, tokens } = stage;
  const settings = { region, maxAttempts: 2 };
  const [account, sms, email, issuer, connect, callsAtOnce, lambda] = await Promise.all([
    known(async () => (await new STSClient(settings).send(new GetCallerIdentityCommand({}))).Account ?? ''),
    known(() => askSns(new SNSClient(settings))),
    known(() => askSes(new SESClient(settings), senderOf(stage).address)),
    tokens.issuer === 'own' ? known(() => discover(tokens.issuerUrl)) : undefined,
    voice && known(() => askConnect(new ConnectClient(settings), voice.instanceId)),
    voice && known(() => askCalls(new ServiceQuotasClient(settings))),
    known(() => askLambda(new LambdaClient(settings))),
  ]);
  return { account, sms, email, issuer, connect, callsAtOnce, lambda };
}

/** Names of errors only: what AWS says in their messages is the caller's own business. */
async function known<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error: nameOf(error) };
  }
}

/** Of what did not reach a server, the reason below it: `ENOTFOUND` for a name that is none. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code } = (error.cause ?? {}) as { readonly code?: string };
  return code ?? error.name;
}

async function askSns(sns: SNSClient) {
  const [{ IsInSandbox = true }, { attributes = {} }] = await Promise.all([
    sns.send(new GetSMSSandboxAccountStatusCommand({})),
    sns.send(new GetSMSAttributesCommand({})),
  ]);
  const { MonthlySpendLimit: limit, DeliveryStatusIAMRole: statusRole } = attributes;
  return { isInSandbox: IsInSandbox, monthlySpendLimit: limit ? Number(limit) : undefined, statusRole };
}

async function askSes(ses: SESClient, sender: string) {
  const [, domain = ''] = sender.split('@');
  const parts = domain.split('.');
  const domains = parts.slice(0, -1).map((_, place) => parts.slice(place).join('.'));
  const Identities = [sender, ...domains];
  const [quota, { Enabled: isSending = false }, { VerificationAttributes = {} }] = await Promise.all([
    ses.send(new GetSendQuotaCommand({})),
    ses.send(new GetAccountSendingEnabledCommand({})),
    ses.send(new GetIdentityVerificationAttributesCommand({ Identities })),
  ]);
  const { Max24HourSend: perDay = 0, MaxSendRate: perSecond = 0 } = quota;
  const isVerified = (identity: string) => VerificationAttributes[identity]?.VerificationStatus === 'Success';
  return { perDay, perSecond, isSending, verified: Identities.filter(isVerified) };
}

async function askConnect(client: ConnectClient, InstanceId: string) {
  const [{ Instance }, numbers] = await Promise.all([
    client.send(new DescribeInstanceCommand({ InstanceId })),
    numbersOf(client, InstanceId),
  ]);
  return {
    status: Instance?.InstanceStatus ?? '',
    callsOut: Instance?.OutboundCallsEnabled ?? false,
    numbers,
  };
}

async function numbersOf(client: ConnectClient, InstanceId: string): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { ListPhoneNumbersSummaryList = [] } of paginateListPhoneNumbersV2(
    { client },
    { InstanceId },
  ))
    numbers.push(...ListPhoneNumbersSummaryList.flatMap(({ PhoneNumber }) => PhoneNumber ?? []));
  return numbers;
}

/** By its name, which the console shows too. Connect has more quotas than a page of the list takes. */
async function askCalls(client: ServiceQuotasClient): Promise<number | undefined> {
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode: 'connect' })) {
    const calls = Quotas.find(({ QuotaName = '' }) =>
      /^concurrent active calls per instance$/i.test(QuotaName),
    );
    if (calls !== undefined) return calls.Value;
  }
  return undefined;
}

async function askLambda(client: LambdaClient) {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: concurrency = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
    AccountLimit ?? {};
  return { concurrency, unreserved };
}

/** As API Gateway does while it is deployed. */
async function discover(issuerUrl: string) {
  const url = `${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience) });
  if (!answer.ok) throw Object.assign(new Error(), { name: `HTTP ${answer.status}` });
  const { issuer, jwks_uri: jwksUri } = (await answer.json()) as Record<string, unknown>;
  return { issuer, jwksUri };
}
