/** What happens to people's data and to logs when their stack is deleted. */
import { RemovalPolicy } from 'aws-cdk-lib';

/** It stays, but for a first deployment that fails: nothing is in it then, and a key would go on costing a dollar a month. */
export const outlivesStack = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/**
 * For what deletion protection keeps: CloudFormation could not delete it, and a roll-back that tries would fail halfway.
 * Left over from a first deployment that failed, it is empty and costs nothing.
 */
export const isProtected = RemovalPolicy.RETAIN;
