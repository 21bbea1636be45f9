/** Turns the API's zod schemas into JSON Schema, and adds what zod cannot express. */
import * as z from 'zod/mini';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { languages } from '../../shared/domain/text/language.ts';
import { generateBody, redeemBody } from '../../shared/http/backup-codes.ts';
import { callerVerificationId, proofs } from '../../shared/http/help-desk.ts';
import { checkBody } from '../../shared/http/kba-challenges.ts';
import { operatorName, reason, ticket } from '../../shared/http/operator.ts';
import { challengeId, device, locale, startBody, verifyBody } from '../../shared/http/otp-challenges.ts';
import { recoveryPath } from '../../shared/http/recoveries.ts';
import { mostSessionCharacters, session } from '../../shared/http/session.ts';
import { askedUserId, userId } from '../../shared/http/user-id.ts';
import {
  email,
  enrolBody,
  listQuery,
  patchBody,
  questionId,
  securityQuestion,
} from '../../shared/http/users.ts';
import { patterns } from './patterns.ts';
import { backupCodes, user } from './people-answers.ts';
import { locks } from './refusals.ts';
import { errorPointer, responses, responseTexts } from './responses.ts';
import { assertion, challenge, challengeStatus } from './sign-in-answers.ts';

export type JsonSchema = Record<string, unknown>;

const exampleId = 'mRkq9TqyUKk6qyiNb5SsBw';
const { perBatch, oneTimeLifetimeSeconds } = defaultPolicy.backupCodes;
const userIdShape =
  'Letters, digits, punctuation and symbols of any script, single spaces inside, none of " / < >. Compared after NFKC ' +
  'and without case; what nobody sees does not count.';

const tags = new Intl.ListFormat('en-GB').format(languages);
const spoken = `Spoken are ${tags}. A message is in the person’s language, else the client’s, else the deployment’s.`;
const addressRead = 'A domain in another script is kept in Punycode; the part before the @ is ASCII.';

const name: JsonSchema = {
  minLength: 1,
  maxLength: 128,
  pattern: patterns.userId,
  description: userIdShape,
  examples: ['alice', 'CORP\\erin', 'erin@corp.example'],
};
const phone: JsonSchema = {
  pattern: patterns.phone,
  examples: ['+12025550123'],
  description:
    'E.164, in any usual spelling; without + where the policy has enrolment.defaultCountry. A landline is taken ' +
    'where codes can be spoken, and gets calls alone. The answer has the one form that is kept.',
};
const language: JsonSchema = {
  description: `The language of messages, as a tag such as de-AT. ${spoken}`,
  examples: ['de-AT'],
};
const displayName: JsonSchema = { examples: ['Alice Example'] };

/** What a schema lacks or has wrong when it is converted: a refinement is code, and a query is text at first. */
const said = new Map<unknown, JsonSchema>([
  [userId, name],
  [askedUserId, name],
  [enrolBody.shape.phone, phone],
  [patchBody.shape.phone, phone],
  [enrolBody.shape.locale, language],
  [patchBody.shape.locale, language],
  [enrolBody.shape.displayName, displayName],
  [patchBody.shape.displayName, displayName],
  [operatorName, { examples: ['bob', 'CORP\\bob', 'Bob O’Neil <bob@desk.example>'] }],
  [reason, { description: 'Why, in the help desk’s own words.', examples: ['Lost the phone on a train'] }],
  [ticket, { examples: ['INC-0815'] }],
  [proofs, { examples: [['mRkq9TqyUKk6qyiNb5SsBw.Zp1']] }],
  [securityQuestion.shape.text, { examples: ['What was the ship in the hall called?'] }],
  [
    startBody.shape.method,
    {
      description:
        'Leave it out: the policy’s method is used, or the first that the person has of SMS, Email and Call. Then offer ' +
        'the `methods` of the answer. A method that the person does not have is answered as for an unknown person.',
    },
  ],
  [
    session,
    {
      minLength: 1,
      maxLength: mostSessionCharacters,
      examples: ['browser-7f3a'],
      description:
        'Names one sign-in at the client: a browser’s, a logon’s. Challenges of different sessions share no code, no ' +
        'attempts and no closing. Requests without it are one session.',
    },
  ],
  [
    redeemBody.shape.code,
    {
      minLength: 16,
      pattern: patterns.backupCode,
      description: 'As the person typed it.',
      examples: ['7K3M-Q0ZC-9RTW-1XHB'],
    },
  ],
  [
    checkBody.shape.answers,
    {
      description: 'To every question, as the person typed them; letters and digits count.',
      examples: [[{ questionId: 'childhood-street', answer: 'Quince Tree Lane' }]],
    },
  ],
  [challengeId, { description: 'As a challenge gave it.', examples: [exampleId] }],
  [callerVerificationId, { description: 'As a caller verification gave it.', examples: [exampleId] }],
  [redeemBody.shape.recoveryId, { description: 'As a recovery gave it.', examples: [exampleId] }],
  [recoveryPath.shape.recoveryId, { description: 'As a recovery gave it.', examples: [exampleId] }],
  [enrolBody.shape.securityQuestions, { description: 'As many as are asked, at least (kba.questions).' }],
  [challenge.shape.destination, { description: 'Masked.', examples: ['•••• ••23'] }],
  [
    challenge.shape.prompt,
    {
      description: 'For the person to read.',
      examples: ['Please enter the code sent to •••• ••23'],
    },
  ],
  [
    challengeStatus.shape.delivery,
    {
      description:
        '`queued` for the first three seconds, whatever happened. `failed` where no message left: offer another method.',
    },
  ],
  [
    assertion,
    {
      description: 'Absent inside a recovery: only the finished one has it.',
      // JSON Schema 2020-12, Validation §8: what is inside a JWT, its header first.
      contentMediaType: 'application/jwt',
      contentSchema: {
        type: 'array',
        prefixItems: [
          { type: 'object', properties: { alg: { const: 'RS256' }, typ: { const: 'mfa-fallback+jwt' } } },
          { $ref: '#/components/schemas/AssertionClaims' },
        ],
      },
    },
  ],
  [
    questionId,
    {
      description:
        'From the organisation’s list if the stage has one, otherwise from the built-in catalogue. A refusal lists all ids.',
      examples: ['childhood-street'],
    },
  ],
  [listQuery.shape.limit, { type: 'integer', default: 50 }],
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
      description:
        'Who requests the codes, as the help desk’s own system names them; not the user who gets them. One line; what ' +
        'nobody sees does not count.',
    },
  ],
  [
    enrolBody.shape.enabled,
    { default: true, description: 'Without it the user is enabled, even one who was disabled before.' },
  ],
  [email, { format: 'idn-email', maxLength: 254, description: addressRead, examples: ['alice@example.com'] }],
  [
    enrolBody.shape.alternateEmail,
    {
      description: `An inbox other than that of email. ${addressRead}`,
      examples: ['alice@alternate.example'],
    },
  ],
  [
    locale,
    {
      examples: ['de-AT'],
      description: `The language of the client’s page, in which the prompt and questions are put. ${spoken} Any text is taken: what is not spoken counts as absent.`,
    },
  ],
  [
    verifyBody.shape.code,
    {
      minLength: 6,
      pattern: patterns.code,
      examples: ['123456'],
      description:
        'As many decimal digits as codeLength says, of any script; spaces, hyphens, dots and a # in front are skipped. ' +
        'A code of another length is invalid-request and uses no attempt.',
    },
  ],
  [
    device,
    {
      description: 'Shown to the person as plain text. What is longer than 64 characters is cut.',
      examples: ['PC-0815'],
    },
  ],
  [
    securityQuestion.shape.answer,
    {
      minLength: 1,
      examples: ['Quince Tree Lane'],
      description:
        'Compared by letters and digits alone, without case and accents. Two must remain; one Chinese character or ' +
        'Korean syllable is enough.',
    },
  ],
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

interface Alternative {
  readonly title: string;
  readonly without: string;
  readonly required?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Bodies of one of two shapes: a refinement in code, and here each written out in full. */
const alternatives = new Map<unknown, readonly Alternative[]>([
  [
    redeemBody,
    [
      { title: 'Sign-in', without: 'recoveryId', required: 'userId' },
      { title: 'Step of a recovery', without: 'userId', required: 'recoveryId' },
    ],
  ],
  [
    generateBody,
    [
      { title: 'One-time codes', without: '', properties: { kind: { const: 'one-time' } } },
      { title: 'Static codes', without: 'expiresInSeconds', properties: { kind: { const: 'static' } } },
    ],
  ],
  [
    securityQuestion,
    [
      { title: 'Question of the list', without: 'text', required: 'questionId' },
      { title: 'Question of their own', without: 'questionId', required: 'text' },
    ],
  ],
]);

function override({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: JsonSchema }): void {
  Object.assign(jsonSchema, said.get(zodSchema));
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern']; // the format says it
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  const shapes = alternatives.get(zodSchema);
  if (shapes !== undefined) writeOut(jsonSchema, shapes);
}

/** Client generators make `unknown` of a `oneOf` whose members only say `required`. */
function writeOut(schema: JsonSchema, shapes: readonly Alternative[]): void {
  const { properties, required = [], ...object } = schema as { properties: object; required?: string[] };
  for (const key of Object.keys(schema)) delete schema[key];
  schema['oneOf'] = shapes.map(({ title, without, required: one, properties: narrowed }) => ({
    title,
    ...object,
    properties: Object.fromEntries(
      Object.entries({ ...properties, ...narrowed }).filter(([name]) => name !== without),
    ),
    required: one === undefined ? required : [one, ...required],
  }));
}

/** The schema of what a client sends, before it is read. */
export function requestSchema(schema: z.ZodMiniType): JsonSchema {
  return compact(withoutDialect(z.toJSONSchema(schema, { io: 'input', override }))) as JsonSchema;
}

/** `null` as one more type of a field, and not as an alternative to all that is said of it. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, compact(inner)]));
  const [first, second, ...more] = (schema['anyOf'] ?? []) as JsonSchema[];
  if (first?.['type'] === undefined || second?.['type'] !== 'null' || more.length > 0) return schema;
  const { anyOf: _, ...said } = schema;
  const words = first['enum'] === undefined ? {} : { enum: [...(first['enum'] as unknown[]), null] };
  return { ...first, type: [first['type'], 'null'], ...words, ...said };
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
    Object.entries(schemas).map(([id, schema]) => {
      const description = responseTexts.get(id); // zod writes the descriptions of its global registry alone
      return [id, { description, ...withoutDialect(schema as JsonSchema) }];
    }),
  );
}

/** OpenAPI 3.1 names the dialect once for the whole document. */
function withoutDialect({ $schema, $id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
