/** What the state of an account means for a stage: each finding with what to do next. */
import { leftUnreserved, type SetAside, setAsideBy, sumOf } from '../../configuration/concurrency.ts';
import { callsAtOnce, paceOf, placesOf } from '../../configuration/paces.ts';
import type { Stage } from '../../configuration/stage.ts';
import { senderOf } from '../../construct/sender.ts';
import type { Facts, Known } from './facts.ts';
import { isUnsigned, unanswered } from './unanswered.ts';

export interface Finding {
  /** What was looked at. */
  readonly about: string;
  /** `unknown`: AWS did not say, mostly for a missing right. */
  readonly state: 'good' | 'missing' | 'unknown';
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly next?: string;
}

export function findingsOf(stage: Stage, facts: Facts): Finding[] {
  const own = [
    ...of(stage, 'account', facts.account, (account) => accountFindings(stage, account)),
    ...of(stage, 'issuer', facts.issuer, (issuer) => issuerFindings(stage, issuer)),
  ];
  // All that follows would say the same once more.
  if ('error' in facts.account && isUnsigned(facts.account.error)) return own;
  return [
    ...own,
    ...of(stage, 'sms', facts.sms, (sms) => smsFindings(stage, sms)),
    ...of(stage, 'email', facts.email, (email) => emailFindings(stage, email)),
    ...of(stage, 'connect', facts.connect, (connect) => connectFindings(stage, connect)),
    ...of(stage, 'callsAtOnce', facts.callsAtOnce, (calls) => callFindings(stage, calls)),
    ...of(stage, 'lambda', facts.lambda, (lambda) => lambdaFindings(stage, lambda)),
  ];
}

type Value<T> = Extract<NonNullable<T>, { readonly value: unknown }>['value'];

function of<T>(
  stage: Stage,
  question: keyof Facts,
  known: Known<T> | undefined,
  judge: (value: T) => Finding[],
): Finding[] {
  if (known === undefined) return [];
  if ('value' in known) return judge(known.value);
  const about = question === 'callsAtOnce' ? 'connect calls' : question;
  return [{ about, ...unanswered(question, known.error, stage) }];
}

const judged = (about: string, isGood: boolean, found: string, next: string): Finding =>
  isGood ? { about, state: 'good', found } : { about, state: 'missing', found, next };

const runbook = (section: string): string => `docs/runbook.md#${section}`;

function accountFindings({ account: wanted }: Stage, account: string): Finding[] {
  const isWanted = wanted === undefined || wanted === account;
  const next = `Use credentials of ${wanted}, which is the stage's account.`;
  return [judged('account', isWanted, `these credentials are of ${account}`, next)];
}

function smsFindings({ name, sms }: Stage, facts: Value<Facts['sms']>): Finding[] {
  const { isInSandbox, monthlySpendLimit = 1, statusRole } = facts;
  const role = `$(aws cloudformation describe-stacks --stack-name MfaFallback-${name} --query "Stacks[0].Outputs[?OutputKey=='SmsStatusRoleArn'].OutputValue" --output text)`;
  const command = `aws sns set-sms-attributes --attributes DeliveryStatusIAMRole=${role},DeliveryStatusSuccessSamplingRate=100`;
  const writes = statusRole?.includes(`MfaFallback-${name}-`) ?? false;
  const found = statusRole === undefined ? 'SNS writes no log of SMS' : `SNS writes its log as ${statusRole}`;
  return [
    judged(
      'sms sandbox',
      !isInSandbox,
      isInSandbox
        ? 'the account is in the sandbox: SMS reach ten verified numbers'
        : 'the account is out of it',
      `Ask AWS to take it out: ${runbook('leave-the-sms-sandbox')}`,
    ),
    judged(
      'sms spend',
      monthlySpendLimit > 1,
      `the limit is ${monthlySpendLimit} USD a month`,
      `Ask AWS for more, then: aws sns set-sms-attributes --attributes MonthlySpendLimit=<USD>. ${runbook('leave-the-sms-sandbox')}`,
    ),
    sms.deliveryStatus
      ? judged('sms status', writes, found, `After the deployment: ${command}`)
      : { about: 'sms status', state: 'good', found: `${found}; the stage does not ask for it` },
  ];
}

function emailFindings(stage: Stage, facts: Value<Facts['email']>): Finding[] {
  const { perDay, perSecond, isSending, verified } = facts;
  const { address } = senderOf(stage);
  // What SES gives in the sandbox: https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
  const isInSandbox = perDay <= 200 && perSecond <= 1;
  const pace = paceOf('email', stage.delivery).perSecond + paceOf('notice', stage.delivery).perSecond;
  return [
    judged(
      'email sandbox',
      !isInSandbox,
      `${perDay} emails a day, ${perSecond} a second`,
      `That is the sandbox; ask AWS for production access: ${runbook('leave-the-ses-sandbox')}`,
    ),
    judged(
      'email sender',
      verified.length > 0,
      verified.length > 0 ? `${verified.join(', ')} is verified` : `${address} is of no verified identity`,
      `Verify its domain: aws sesv2 create-email-identity --email-identity ${address.split('@')[1]}. ${runbook('leave-the-ses-sandbox')}`,
    ),
    judged(
      'email sending',
      isSending,
      isSending ? 'the account may send' : 'sending is switched off for the account',
      'Find out why, then: aws sesv2 put-account-sending-attributes --sending-enabled',
    ),
    judged(
      'email pace',
      perSecond >= pace,
      `${perSecond} a second for a pace of ${pace}`,
      `Ask for a higher sending rate, or lower delivery.email.perSecond: ${runbook('raise-the-pace-of-messages')}`,
    ),
  ];
}

function issuerFindings({ tokens }: Stage, { issuer, jwksUri }: Value<Facts['issuer']>): Finding[] {
  const wanted = tokens.issuer === 'own' ? tokens.issuerUrl : undefined;
  const shown = JSON.stringify(issuer) ?? 'no issuer';
  return [
    judged(
      'issuer',
      issuer === wanted && typeof jwksUri === 'string',
      `its discovery document names ${shown}${typeof jwksUri === 'string' ? '' : ' and no jwks_uri'}`,
      `Write tokens.issuerUrl to the letter as the document has it; API Gateway asks for it while it is deployed.`,
    ),
  ];
}

function connectFindings({ voice }: Stage, facts: Value<Facts['connect']>): Finding[] {
  const { status, callsOut, numbers } = facts;
  const number = voice?.sourcePhoneNumber;
  const hasNumber = number === undefined ? numbers.length > 0 : numbers.includes(number);
  return [
    judged(
      'connect instance',
      status === 'ACTIVE' && callsOut,
      `it is ${status}, and makes ${callsOut ? '' : 'no '}outbound calls`,
      'Switch outbound calls on in the telephony settings of the instance.',
    ),
    judged(
      'connect number',
      hasNumber,
      numbers.length === 0 ? 'the instance has no number' : `the instance has ${numbers.join(', ')}`,
      number === undefined ? 'Claim a number for the queue.' : `Claim ${number}, or name another in voice.`,
    ),
  ];
}

function callFindings({ delivery }: Stage, quota: number | undefined): Finding[] {
  const wanted = callsAtOnce(delivery);
  if (quota === undefined)
    return [
      {
        about: 'connect calls',
        state: 'unknown',
        found: 'Service Quotas lists no concurrent active calls per instance',
        next: `Look in the console: ${runbook('raise-the-connect-quota')}`,
      },
    ];
  return [
    judged(
      'connect calls',
      quota >= wanted,
      `${quota} calls at a time for a delivery.call.atOnce of ${wanted}`,
      `Ask for more, or set delivery.call.atOnce to ${quota}: ${runbook('raise-the-connect-quota')}`,
    ),
  ];
}

function lambdaFindings(stage: Stage, facts: Value<Facts['lambda']>): Finding[] {
  const { concurrency, unreserved } = facts;
  const fields = setAsideBy(stage);
  const aside = sumOf(fields);
  const needed = placesOf(stage) + aside;
  return [
    judged(
      'lambda set aside',
      aside === 0 || fits(facts, aside),
      aside === 0
        ? 'the stage sets nothing aside'
        : `${aside} of ${concurrency} for ${fields.map(({ field, executions }) => `${field} (${executions})`).join(', ')}, beside ${concurrency - unreserved} that are already; ${leftUnreserved} have to be left`,
      `Lambda would refuse the deployment. Until the quota is raised: ${withoutThem(fields)}. ${runbook('function-throttles')}`,
    ),
    judged(
      'lambda concurrency',
      concurrency > needed,
      `${concurrency} functions at a time, for ${needed} of this stage alone beside requests`,
      'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
    ),
  ];
}

/** What is set aside already may be this stage's own, of an earlier deployment. */
function fits({ concurrency, unreserved }: Value<Facts['lambda']>, aside: number): boolean {
  const others = concurrency - unreserved < aside ? concurrency - unreserved : 0;
  return concurrency - others - aside >= leftUnreserved;
}

function withoutThem(fields: readonly SetAside[]): string {
  const has = (name: string) => fields.some(({ field }) => field === name);
  const door = (name: 'windows' | 'directory') => (has(`${name}.concurrency`) ? [`leave ${name} out`] : []);
  return [
    ...(has('open.concurrency') ? ['"open": { "concurrency": "shared" }'] : []),
    ...door('windows'),
    ...door('directory'),
    ...(has('delivery.reserved') ? ['"reserved": false under delivery'] : []),
  ].join(', ');
}
