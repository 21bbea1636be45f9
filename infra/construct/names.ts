/** Names as AWS takes them. */
import { Aws, Fn, type Stack } from 'aws-cdk-lib';

/** Letters and digits alone: `credential-provider` becomes `CredentialProvider`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Of a log group that AWS delivers a log to. Each other name adds to the account's one policy for deliveries, which is
 * full at 5,120 characters in accounts with many: "Enable logging from AWS services" in the CloudWatch Logs user guide,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html. Its end is of the stack's
 * id, because the group outlives its stack, and a stage that is deployed again makes another.
 */
export function vendedLogGroupName({ stackName }: Stack, log: string): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/${stackName}/${log}-${Fn.select(4, Fn.split('-', uuid))}`;
}
