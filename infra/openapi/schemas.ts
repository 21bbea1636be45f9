/** Turns the API's zod schemas into JSON Schema, and adds what zod cannot express. */
import * as z from 'zod/mini';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { generateBody, redeemBody } from '../../shared/http/backup-codes.ts';
import { userId } from '../../shared/http/user-id.ts';
import { enrolBody, listQuery, questionId, securityQuestion } from '../../shared/http/users.ts';
import { locks } from './refusals.ts';
import { backupCodes, errorPointer, responses, user } from './responses.ts';

type JsonSchema = Record<string, unknown>;

const { perBatch, oneTimeLifetimeSeconds } = defaultPolicy.backupCodes;
const userIdShape =
  'Letters, digits, punctuation and symbols of any script, single spaces inside, none of " / < >. Compared after NFKC ' +
  'and without case; what nobody sees does not count.';

/** What a schema lacks or has wrong when it is converted: a refinement is code, and a query is text at first. */
const said = new Map<unknown, JsonSchema>([
  [userId, { minLength: 1, maxLength: 128, description: userIdShape }],
  [
    questionId,
    {
      description:
        'From the organisation’s list if the stage has one, otherwise from the built-in catalogue. A refusal lists all ids.',
    },
  ],
  [listQuery.shape.limit, { type: 'integer', default: 50 }],
  [redeemBody, { oneOf: [{ required: ['userId'] }, { required: ['recoveryId'] }] }],
  [
    generateBody,
    {
      oneOf: [
        { properties: { kind: { const: 'one-time' } } },
        { properties: { kind: { const: 'static' } }, not: { required: ['expiresInSeconds'] } },
      ],
    },
  ],
  [
    generateBody.shape.count,
    {
      description: `Default: 1 for one-time, ${perBatch} for static (the default of backupCodes.perBatch in the policy).`,
    },
  ],
  [
    generateBody.shape.expiresInSeconds,
    {
      description:
        `For one-time codes only; static ones do not expire. Default: ${oneTimeLifetimeSeconds} (the default ` +
        'of backupCodes.oneTimeLifetimeSeconds in the policy).',
    },
  ],
  [
    generateBody.shape.operator,
    {
      description: `Who requests the codes, as the help desk’s own system names them; not the user who gets them. ${userIdShape}`,
    },
  ],
  [
    enrolBody.shape.enabled,
    { default: true, description: 'Without it the user is enabled, even one who was disabled before.' },
  ],
  [enrolBody.shape.alternateEmail, { description: 'An inbox other than that of email.' }],
  [securityQuestion, { oneOf: [{ required: ['questionId'] }, { required: ['text'] }] }],
  [user.shape.lock, { description: locks }],
  [backupCodes.shape.expiresAt, { description: 'For one-time codes; static ones do not expire.' }],
  [
    errorPointer,
    {
      description:
        'A JSON Pointer (RFC 6901) into the body, empty for the whole body. For a parameter: /path/ or /query/ and ' +
        'its name. For a header: its name.',
    },
  ],
]);

function override({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: JsonSchema }): void {
  Object.assign(jsonSchema, said.get(zodSchema));
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern']; // the format says it
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
}

/** The schema of what a caller sends, before it is read. */
export function requestSchema(schema: z.ZodMiniType): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input', override }));
}

/** The schema of a query's parameters, as the values that their text stands for. */
export function querySchema(schema: z.ZodMiniType): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'output', override }));
}

export const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The contents of `#/components/schemas`. They allow further properties, since answers may get more of them. */
export function responseComponents(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(responses, { io: 'input', override, uri: (id) => reference(id).$ref });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, withoutDialect(schema as JsonSchema)]),
  );
}

/** OpenAPI 3.1 names the dialect once for the whole document. */
function withoutDialect({ $schema, $id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
