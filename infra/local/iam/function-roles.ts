/** The role of a function, as which it signs its requests. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import { accessKeyOf } from './access-keys.ts';

/** @throws {UnsupportedTemplateError} for a function without a role, which AWS does not make either. */
export function roleArnOf(template: Template, functionId: string): string {
  const [, resource] = template.ofType('AWS::Lambda::Function').find(([id]) => id === functionId) ?? [];
  const role = resource?.Properties['Role'];
  if (role === undefined) throw new UnsupportedTemplateError(`${functionId} has no role`);
  return template.text(role, functionId);
}

/** In place of the temporary credentials that Lambda gives a function. */
export function credentialsFor(template: Template, functionId: string): Readonly<Record<string, string>> {
  const accessKey = accessKeyOf(template.idOf(roleArnOf(template, functionId), functionId));
  return { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: 'local', AWS_SESSION_TOKEN: 'local' };
}
