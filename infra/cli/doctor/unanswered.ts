/** What doctor says of a question that AWS did not answer: why, and which right or setting is missing. */
import type { Stage } from '../../configuration/stage.ts';
import type { Facts } from './facts.ts';

type Question = keyof Facts;

/** Rights of whoever asks, by question. */
const rights: Readonly<Record<Exclude<Question, 'issuer'>, readonly string[]>> = {
  account: ['sts:GetCallerIdentity'],
  sms: ['sns:GetSMSSandboxAccountStatus', 'sns:GetSMSAttributes'],
  email: ['ses:GetSendQuota', 'ses:GetAccountSendingEnabled', 'ses:GetIdentityVerificationAttributes'],
  connect: ['connect:DescribeInstance', 'connect:ListPhoneNumbersV2'],
  callsAtOnce: ['servicequotas:ListServiceQuotas'],
  lambda: ['lambda:GetAccountSettings'],
};

/** Names of errors of the SDK and of AWS, of requests that nobody has signed in a way that AWS takes. */
const unsigned = [
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

/** @param error the name of the account's own. @returns whether every other question would end alike. */
export const isUnsigned = (error: string): boolean => unsigned.includes(error);

/** @returns what was found, and what to do. */
export function unanswered(
  question: Question,
  error: string,
  { region, voice, tokens }: Stage,
): { readonly state: 'missing' | 'unknown'; readonly found: string; readonly next: string } {
  if (question === 'issuer') {
    const url = tokens.issuer === 'own' ? tokens.issuerUrl : '';
    return {
      state: 'missing',
      found: `no discovery document below tokens.issuerUrl, ${url}: ${error}`,
      next: 'API Gateway asks for it while the stack is deployed, and refuses the deployment without it. It has to be reachable from the Internet.',
    };
  }
  if (isUnsigned(error))
    return {
      state: 'unknown',
      found: `AWS takes no request with these credentials: ${error}`,
      next: `Sign in (aws sso login, aws configure), or name a profile in AWS_PROFILE, until "aws sts get-caller-identity --region ${region}" answers. A region that has to be switched on first refuses them too.`,
    };
  if (question === 'connect' && error === 'ResourceNotFoundException')
    return {
      state: 'missing',
      found: `there is no instance ${voice?.instanceId} in ${region}`,
      next: `Take voice.instanceId from the end of the ARN that "aws connect list-instances --region ${region}" shows.`,
    };
  return {
    state: 'unknown',
    found: error,
    next: `These credentials need ${rights[question].join(', ')} in ${region}.`,
  };
}
