/** Names in the forms that AWS requires. */
import { Aws, Fn, Names, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { wholeOf } from './outputs.ts';

/** Letters and digits alone: `credential-provider` becomes `CredentialProvider`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Of a state machine's 80 characters, with the longest that is put behind it. */
const longestPrefix = 60;

/** What the names of a deployment's parts begin with: its stack, and its place where it is not the whole of that. */
export function prefixOf(part: IConstruct): string {
  const whole = wholeOf(part);
  if (Stack.isStack(whole) || whole.node.id === 'Default') return Stack.of(part).stackName;
  return Names.uniqueResourceName(whole, {
    maxLength: longestPrefix,
    separator: '-',
    allowedSpecialCharacters: '-',
  });
}

/**
 * Of a log group that AWS delivers a log to. Each other name adds to the account's one policy for deliveries, which is
 * full at 5,120 characters in accounts with many: "Enable logging from AWS services" in the CloudWatch Logs user guide,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html. Its end is of the stack's
 * id, because the group outlives its stack, and a stage that is deployed again makes another.
 */
export function vendedLogGroupName(part: IConstruct, log: string): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/${prefixOf(part)}/${log}-${Fn.select(4, Fn.split('-', uuid))}`;
}
