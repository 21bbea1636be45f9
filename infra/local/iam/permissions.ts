/** `AWS::Lambda::Permission`: which service may call a function, for which of its resources. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import { readStatement, type Statement } from './statements.ts';

const properties = ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount'];

/** Each becomes a statement in the function's own policy, with `ArnLike` for the source and `StringEquals` for its
 * account.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 * @returns the function's ARN with each. */
export function readPermissions(template: Template): [arn: string, statement: Statement][] {
  return template.ofType('AWS::Lambda::Permission').map(([id, { Properties }]) => {
    const unknown = Object.keys(Properties).find((name) => !properties.includes(name));
    if (unknown !== undefined) throw new UnsupportedTemplateError(`${id}: ${unknown} is not judged`);
    const text = (name: string) => template.text(Properties[name], id);
    const functionId = template.idOf(text('FunctionName'), id);
    const arn = template.names(functionId)['Arn'] ?? '';
    const isGiven = (name: string) => Properties[name] !== undefined;
    const Condition = {
      ...(isGiven('SourceArn') ? { ArnLike: { 'aws:SourceArn': text('SourceArn') } } : {}),
      ...(isGiven('SourceAccount') ? { StringEquals: { 'aws:SourceAccount': text('SourceAccount') } } : {}),
    };
    const statement = {
      Effect: 'Allow',
      Principal: { Service: text('Principal') },
      Action: text('Action'),
      Resource: arn,
      Condition,
    };
    return [arn, readStatement(statement, id, 'resource-based')];
  });
}
