/** The stack of this project: the backend as a construct, and nothing beside it. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MfaFallback, type MfaFallbackProps } from './construct/mfa-fallback.ts';

export class FallbackStack extends Stack {
  readonly fallback: MfaFallback;

  constructor(scope: Construct, id: string, { stage, code, ...props }: StackProps & MfaFallbackProps) {
    super(scope, id, props);
    // CDK leaves the id `Default` out of logical ids.
    this.fallback = new MfaFallback(this, 'Default', { stage, code });
  }
}
