/** Subscriptions to log groups: hands lines that a service wrote to the functions that want them, as CloudWatch Logs does. */
import { gzipSync } from 'node:zlib';
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import { account } from '../template/names.ts';
import type { Template } from '../template/template.ts';
import type { InvokeResult } from './invoke-result.ts';

interface Subscription {
  readonly filter: string;
  readonly logGroup: string;
  readonly logGroupArn: string;
  readonly functionId: string;
}

export interface LogSubscriptions {
  /** A line in the group whose name ends so; nobody hears it where the template has no such group. */
  write(ending: string, line: string): void;
}

/** The one pattern that is served: lines that have the field. */
const served = /^\{ \$\.([A-Za-z.]+) = "\*" \}$/;

/** @param invoke as the log group. @throws {UnsupportedTemplateError} for a filter of another pattern. */
export function createLogSubscriptions(
  template: Template,
  invoke: (functionId: string, logGroupArn: string, event: unknown) => Promise<InvokeResult>,
): LogSubscriptions {
  const subscriptions = template.ofType('AWS::Logs::SubscriptionFilter').map(([id, { Properties }]) => {
    const pattern = template.text(Properties['FilterPattern'], id);
    if (!served.test(pattern))
      throw new UnsupportedTemplateError(`${id}: the pattern ${pattern} is not served`);
    const logGroup = template.text(Properties['LogGroupName'], id);
    return {
      filter: id,
      logGroup,
      logGroupArn: `arn:aws:logs:${template.region}:${account}:log-group:${logGroup}:*`,
      functionId: template.idOf(template.text(Properties['DestinationArn'], id), id),
      field: (served.exec(pattern)?.[1] ?? '').split('.'),
    };
  });
  return {
    write(ending, line) {
      for (const { field, ...each } of subscriptions) {
        if (each.logGroup.endsWith(ending) && has(line, field))
          void invoke(each.functionId, each.logGroupArn, eventOf(each, line));
      }
    },
  };
}

function has(line: string, field: readonly string[]): boolean {
  let value: unknown = JSON.parse(line);
  for (const name of field) value = (value as Record<string, unknown> | undefined)?.[name];
  return value !== undefined;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample */
function eventOf({ filter, logGroup }: Subscription, message: string) {
  const data = {
    messageType: 'DATA_MESSAGE',
    owner: account,
    logGroup,
    logStream: 'local',
    subscriptionFilters: [filter],
    logEvents: [{ id: '0', timestamp: Date.now(), message }],
  };
  return { awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } };
}
