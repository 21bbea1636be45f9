/** Looks at the form of a request's signature, so that an unsigned call cannot pass by accident. */
import { ServiceError } from './service-error.ts';
import type { AwsService } from './services.ts';

const form =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=[^\s,]+, ?Signature=[0-9a-f]+$/;

/** Checks the form alone. The secret is no secret on this machine, so a right value would prove nothing.
 * @returns what to refuse the request with, undefined when it may pass. */
export function signatureFault(
  authorization: string | undefined,
  service: AwsService,
): ServiceError | undefined {
  const signedFor = form.exec(authorization ?? '')?.[1];
  if (signedFor === undefined) {
    const message = 'Request is missing Authentication Token';
    return new ServiceError('MissingAuthenticationTokenException', message, { status: 403 });
  }
  if (signedFor === service) return undefined;
  const message = `Credential should be scoped to correct service: '${service}'.`;
  return new ServiceError('UnrecognizedClientException', message, { status: 403 });
}
