/** What SCIM answers with: resources and its own errors (RFC 7644 §3.12), which name the field. */
import SCIMMY from 'scimmy';
import { type Answer, everyAnswer } from '../../shared/http/problem.ts';

type ScimType =
  | 'invalidValue'
  | 'invalidFilter'
  | 'invalidSyntax'
  | 'invalidCursor'
  | 'invalidCount'
  | 'uniqueness'
  | 'tooMany'
  | 'mutability';

export function scimError(status: number, scimType: ScimType | undefined, detail: string): Error {
  return new SCIMMY.Types.Error(status, scimType as string, detail);
}

export function scimAnswer(statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    statusCode,
    headers: { ...everyAnswer, 'content-type': 'application/scim+json', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

export function errorAnswer(status: number, scimType: string | undefined, detail: string): Answer {
  const headers: Record<string, string> = {
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  };
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
  const type = scimType ? { scimType } : {};
  return scimAnswer(status, { schemas, status: String(status), ...type, detail }, headers);
}

/** `undefined` for what is no error of SCIM but a fault. */
export function answerOf(error: unknown): Answer | undefined {
  if (!(error instanceof SCIMMY.Types.Error)) return undefined;
  const { status, scimType, message } = error as Error & { status: number; scimType?: string };
  return errorAnswer(status, scimType, message);
}
