/**
 * The credentials of a Lambda function, which come from its environment and from nowhere else.
 *
 * Bundles resolve `@aws-sdk/credential-provider-node` to this module: the SDK's own default chain also knows
 * shared files, single sign-on, web identity, processes and metadata endpoints, none of which a function has,
 * and every cold start would load them.
 */
import type { AwsCredentialIdentity } from '@smithy/types';

/** For the SDK, which asks for them by this name. */
export function defaultProvider() {
  return async () => credentials();
}

/** They are the same for as long as the process lives. */
export function credentials(): AwsCredentialIdentity {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new Error('the environment holds no AWS credentials');
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
}
