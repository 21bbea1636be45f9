/** What requests to the carriers ask for: SNS for a text message, SES for an email, Connect for a call. */
import { addresses } from '../aws/mime.ts';
import { members } from '../aws/operations.ts';
import type { Context } from './asked.ts';
import { arnIn, ask, type Rule, textIn } from './rules.ts';

/** A topic has an ARN. A phone number has none, so that `Resource: *` or a `NotResource` is what allows it; AWS's page
 * names topics alone: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const smsRule: Rule = ({ operation, input }) => {
  if (operation !== 'Publish') return undefined;
  return [ask('sns:Publish', textIn(input, 'TopicArn') ?? textIn(input, 'TargetArn'))];
};

/**
 * Identity and configuration set are the resources, and the address in From a condition:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
 * Which identity it is, the address or its domain, depends on what was verified. Both must be allowed here, so that
 * either will do there.
 */
export const emailRule: Rule = ({ operation, input, region }) => {
  const source = textIn(input, 'Source');
  const [from] = source === undefined ? [] : addresses(source);
  if (operation !== 'SendEmail' || from === undefined) return undefined;
  const set = textIn(input, 'ConfigurationSetName');
  const recipients = ['To', 'Cc', 'Bcc'].flatMap((kind) => members(input, `Destination.${kind}Addresses`));
  const context: Context = { 'ses:FromAddress': [from], 'ses:Recipients': recipients.flatMap(addresses) };
  const names = [
    `identity/${from}`,
    `identity/${from.slice(from.indexOf('@') + 1)}`,
    ...(set === undefined ? [] : [`configuration-set/${set}`]),
  ];
  return names.map((name) => ask('ses:SendEmail', arnIn(region, 'ses', name), context));
};

/** The contact is made by the call, so that a grant has to cover any contact of the instance.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonconnect.html */
export const callRule: Rule = ({ operation, input, region }) => {
  if (operation !== 'StartOutboundVoiceContact') return undefined;
  const instance = textIn(input, 'InstanceId') ?? '';
  return [ask(`connect:${operation}`, arnIn(region, 'connect', `instance/${instance}/contact/*`))];
};
