/** Every answer of the API by its name, as the document has it; a test checks real answers by their schemas. */
import * as z from 'zod/mini';
import { problems } from '../../shared/http/problem.ts';
import { count } from './answer-fields.ts';
import {
  backupCodeCounts,
  backupCodes,
  callerVerification,
  deliveries,
  explanation,
  proof,
  readiness,
  restrictions,
  user,
  userPage,
} from './people-answers.ts';
import { policy } from './policy-answer.ts';
import {
  assertionClaims,
  challenge,
  challengeStatus,
  questions,
  recovery,
  verification,
} from './sign-in-answers.ts';

const jwks = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('RSA'),
      n: z.string(),
      e: z.string(),
      kid: z.string(),
      alg: z.literal('RS256'),
      use: z.literal('sig'),
      /** Its certificate (RFC 7517 §4.7), as soon as the provider has made it. */
      x5c: z.optional(z.array(z.string())),
    }),
  ),
});

const health = z.object({ status: z.literal('ok') });

export const errorPointer = z.string();

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems) as (keyof typeof problems)[]),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ pointer: errorPointer, detail: z.string() }))),
  attemptsRemaining: z.optional(count),
  missing: z.optional(z.array(z.enum(['caller', 'approval']))),
  reason: z.optional(
    z.enum(['stopped', 'wait', 'challenge']).register(z.globalRegistry, {
      description:
        'Of attempts-exhausted, the strongest that holds: `stopped` until the help desk unlocks, `wait` as Retry-After says, ' +
        '`challenge` is used up and another can be started.',
    }),
  ),
});

/** API Gateway's own answer, before any function runs. */
const gatewayAnswer = z.object({ message: z.string() });

const described = [
  ['Challenge', challenge, 'An open challenge. An unknown user gets one that looks the same.'],
  [
    'ChallengeStatus',
    challengeStatus,
    'A challenge as its client sees it, with its status and that of its message.',
  ],
  [
    'Verification',
    verification,
    'What was verified, with an assertion: a compact JWS of type mfa-fallback+jwt, for the calling client only, valid for 120 seconds. Inside a recovery there is no assertion; the finished recovery has one.',
  ],
  [
    'AssertionClaims',
    assertionClaims,
    'What an assertion says. Its header has the type mfa-fallback+jwt and the algorithm RS256. `iss` is the ApiUrl or the own domain, `sub` the name as enrolled, `preferred_username` the name as asked for, trimmed, `aud` the client that asked, `exp` at most 120 s after `iat`; accept each `jti` once.',
  ],
  ['Questions', questions, 'Security questions. Answer all of them together.'],
  [
    'Recovery',
    recovery,
    'A recovery with the step that it waits for, or with its verification once it succeeded. Right after an answer it still shows the step that was answered, or none, with `Retry-After: 1`. Read it again until `stepNumber`, which grows with each step, is another, or until it is no longer pending.',
  ],
  [
    'BackupCodes',
    backupCodes,
    'New backup codes. This is the only time they are shown; with helpDesk.showCodes off they go to the person by email, and are not here.',
  ],
  [
    'BackupCodeCounts',
    backupCodeCounts,
    'How many codes of each kind there are and how many are left, with who had them generated and why; and the latest generations, including those whose batches are over.',
  ],
  [
    'User',
    user,
    'An enrolled user. The help desk sees masked addresses. Nobody sees the answers to security questions.',
  ],
  [
    'CallerVerification',
    callerVerification,
    'A code is on its way to the masked address. The caller reads it to the operator.',
  ],
  ['Restrictions', restrictions, 'What an administrator closed for everybody, until when, who did and why.'],
  ['Explanation', explanation, 'What a person would be offered now, and what decides where it is not.'],
  ['Deliveries', deliveries, 'The last messages of a person, with masked destinations.'],
  [
    'Proof',
    proof,
    'Shows that a caller was verified or an operator approved: for one act, of one client and operator, within 15 minutes.',
  ],
  ['UserPage', userPage, 'A page of enrolled users, sorted by name. The last page has no cursor.'],
  ['Readiness', readiness, 'People whom no code reaches today, and whom one method alone reaches.'],
  ['Policy', policy, 'What this deployment offers. The administrator sees the whole policy.'],
  ['Jwks', jwks, 'Public keys of the assertions (RFC 7517). May be cached for five minutes.'],
  ['Health', health, 'The API answers. This says nothing about its dependencies.'],
  [
    'Problem',
    problem,
    'A problem document (RFC 9457). Programs should read `code`; `detail` is for people and may change.',
  ],
  ['GatewayAnswer', gatewayAnswer, 'An answer of API Gateway itself.'],
] as const satisfies readonly (readonly [id: string, schema: z.ZodMiniType, description: string])[];

export type ResponseName = (typeof described)[number][0];

export const responses = z.registry<{ id: string }>();
for (const [id, schema] of described) responses.add(schema, { id });

export const responseTexts: ReadonlyMap<string, string> = new Map(
  described.map(([id, , description]): [string, string] => [id, description]),
);

export const responseSchemas: ReadonlyMap<ResponseName, z.ZodMiniType> = new Map(
  described.map(([id, schema]): [ResponseName, z.ZodMiniType] => [id, schema]),
);
