/** The outputs of a deployment: they belong to the construct as a whole, whichever part knows their values. */
import { CfnOutput, type CfnOutputProps, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const wholes = new WeakSet<IConstruct>();

/** @param whole whose parts find it above them from now on. */
export function markWhole(whole: IConstruct): void {
  wholes.add(whole);
}

/** The construct that a part is of; for a part that stands alone, its stack. */
export function wholeOf(part: IConstruct): IConstruct {
  return part.node.scopes.findLast((scope) => wholes.has(scope)) ?? Stack.of(part);
}

/** In a stack of its own an output has the id as its name; in somebody else's, what stands above comes first. */
export function output(part: IConstruct, id: string, props: CfnOutputProps): void {
  new CfnOutput(wholeOf(part), id, props);
}
