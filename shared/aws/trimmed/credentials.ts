/**
 * A function's credentials, which stand in its environment and nowhere else.
 *
 * The bundles put this module in the place of `@aws-sdk/credential-provider-node`, the SDK's chain of providers.
 * That chain also looks in files, single sign-on, web identity, processes and metadata endpoints. A function has
 * none of these, and they would be 134 kB of every bundle.
 */
import type { AwsCredentialIdentity } from '@smithy/types';

/** The SDK's stock clients ask by this name; they get the first provider of the SDK's own chain. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';

/** Read once: they are the same for as long as the process lives. */
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
