/** The stack of this project: the backend as a construct, and nothing beside it. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from './configuration/stage.ts';
import { MfaFallback } from './construct/mfa-fallback.ts';
import type { CodeOf } from './construct/own-parts.ts';

/** Where a stack is deployed is the stage's to say. */
interface FallbackStackProps extends Omit<StackProps, 'env' | 'terminationProtection'> {
  readonly stage: Stage;
  readonly code: CodeOf;
}

export class FallbackStack extends Stack {
  readonly fallback: MfaFallback;

  constructor(scope: Construct, id: string, { stage, code, ...props }: FallbackStackProps) {
    const { name, region, account, warnings: _, ...settings } = stage;
    const env = account === undefined ? { region } : { region, account };
    // Whoever takes a stage down switches it off first; the local stage is never deployed.
    super(scope, id, { ...props, env, terminationProtection: name !== 'local' });
    // CDK leaves the id `Default` out of logical ids.
    this.fallback = new MfaFallback(this, 'Default', { name, settings, code });
  }
}
