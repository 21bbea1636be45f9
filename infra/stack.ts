/** The stack of this project: the backend as a construct, and nothing beside it. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MfaFallback, type MfaFallbackProps } from './construct/mfa-fallback.ts';

/** Where a stack is deployed is the stage's to say. */
type FallbackStackProps = Omit<StackProps, 'env' | 'terminationProtection'> & MfaFallbackProps;

export class FallbackStack extends Stack {
  readonly fallback: MfaFallback;

  constructor(scope: Construct, id: string, { stage, code, ...props }: FallbackStackProps) {
    const { region, account } = stage;
    const env = account === undefined ? { region } : { region, account };
    // Whoever takes a stage down switches it off first; the local stage is never deployed.
    super(scope, id, { ...props, env, terminationProtection: stage.name !== 'local' });
    // CDK leaves the id `Default` out of logical ids.
    this.fallback = new MfaFallback(this, 'Default', { stage, code });
  }
}
