/** The schemas of the API's answers. The document is generated from them, and a test checks real answers by them. */
import * as z from 'zod/mini';
import { deliveryOutcomes, deliveryPurposes } from '../../shared/domain/delivery/delivery-log.ts';
import { deciders } from '../../shared/domain/enrolment/deciders.ts';
import { assertedPurposes } from '../../shared/domain/identifiers/challenge-id.ts';
import {
  callerAddressKinds,
  callerProofs,
  forgotPhoneMethods,
  methods,
  mfaMethods,
  modes,
  type Policy,
  secondOperators,
  securityCodeKinds,
} from '../../shared/domain/policy/policy.ts';
import { recoveryPathNames } from '../../shared/domain/policy/recovery-paths.ts';
import { helpDeskActs } from '../../shared/domain/user-record/help-desk-state.ts';
import { problems } from '../../shared/http/problem.ts';

const time = z.iso.datetime();
const count = z.int().check(z.minimum(0));
const method = z.enum(methods);
const purpose = z.enum(assertedPurposes);

export const challenge = z.object({
  challengeId: z.string(),
  method,
  /** The methods that the person may choose from. */
  methods: z.array(method),
  destination: z.string(),
  prompt: z.string(),
  codeLength: z.int().check(z.minimum(6), z.maximum(10)),
  expiresAt: time,
  resendAvailableAt: time,
  attemptsRemaining: count,
});

const challengeStatus = z.extend(challenge, {
  status: z.enum(['pending', 'verified', 'closed']),
  delivery: z.enum(['queued', 'sent', 'failed']),
});

const acrs = ['otp-pstn', 'otp-email', 'kba', 'backup-code', 'kba+otp-email'] as const;

const acr = z.enum(acrs.map((name) => `urn:mfa-fallback:acr:${name}` as const));
const amr = z.array(z.enum(['otp', 'sms', 'tel', 'kba']));

export const assertion = z.string().check(z.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/));

/** RFC 7519 §4.1. */
const numericDate = z.int().check(z.minimum(0));

const assertionClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  preferred_username: z.string(),
  aud: z.string(),
  iat: numericDate,
  exp: numericDate,
  jti: z.string(),
  purpose,
  amr,
  acr,
});

export const verification = z.object({
  verified: z.literal(true),
  userId: z.string(),
  purpose,
  /** Of a recovery, its path. */
  method: z.enum([...methods, ...recoveryPathNames]),
  amr,
  acr,
  verifiedAt: time,
  assertion: z.optional(assertion),
});

export const questions = z.object({
  challengeId: z.string(),
  questions: z.array(z.object({ questionId: z.string(), text: z.string() })),
  expiresAt: time,
});

export const recovery = z.object({
  recoveryId: z.string(),
  stepNumber: count,
  status: z.enum(['pending', 'succeeded', 'failed', 'timed-out']),
  expiresAt: time,
  step: z.optional(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('choose'), paths: z.array(z.enum(recoveryPathNames)) }),
      z.object({ type: z.literal('kba'), challenge: questions }),
      z.object({ type: z.literal('otp'), challenge }),
      z.object({ type: z.literal('backup-code') }),
    ]),
  ),
  verification: z.optional(verification),
});

const codeKind = z.enum(['one-time', 'static']);

export const backupCodes = z.object({
  kind: codeKind,
  codes: z.optional(z.array(z.string())),
  expiresAt: z.optional(time),
});

const callerVerification = z.object({
  callerVerificationId: z.string(),
  destination: z.string(),
  expiresAt: time,
});

const deliveries = z.object({
  deliveries: z.array(
    z.object({
      at: time,
      method,
      destination: z.string(),
      purpose: z.enum(deliveryPurposes),
      outcome: z.enum(deliveryOutcomes),
      reason: z.optional(z.string()),
    }),
  ),
});

const restriction = z.object({
  state: z.enum(['open', 'closed']),
  until: z.optional(time),
  operator: z.optional(z.string()),
  reason: z.optional(z.string()),
});

const restrictions = z.object({ recoveries: restriction, helpDeskCodes: restriction });

const proof = z.object({ proof: z.string() });

const words = z.optional(z.string());
const asked = { client: z.string(), operator: words, reason: words, ticket: words };
const codeCount = z.object({
  total: count,
  remaining: count,
  expiresAt: z.optional(time),
  generatedAt: z.optional(time),
  ...asked,
  client: words,
});
const backupCodeCounts = z.object({
  static: codeCount,
  'one-time': codeCount,
  /** The last twenty, newest first. */
  generations: z.array(z.object({ kind: codeKind, count, generatedAt: time, ...asked })),
  /** The last twenty requests that were refused, newest first. */
  refusals: z.array(
    z.object({ refusedAt: time, client: z.string(), operator: z.string(), reason: z.string() }),
  ),
});

const listed = {
  userId: z.string(),
  displayName: z.optional(z.string()),
  enabled: z.boolean(),
  methods: z.array(method),
  reference: z.string(),
};

export const user = z.object({
  ...listed,
  aliases: z.optional(z.array(z.string())),
  locale: z.optional(z.string()),
  phone: z.optional(z.string()),
  email: z.optional(z.string()),
  alternateEmail: z.optional(z.string()),
  protected: z.optional(z.boolean()),
  securityQuestions: count,
  lock: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('wait'), until: time }),
    z.object({ kind: z.literal('stop') }),
  ]),
  windowsLock: z.optional(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('wait'), until: time }),
      z.object({ kind: z.literal('stop') }),
    ]),
  ),
});

/** `decidedBy` is a field of the policy, the stage or the person, a restriction, or a wait. */
const offered = {
  offered: z.boolean(),
  decidedBy: z.optional(z.enum(deciders)),
  detail: z.optional(z.string()),
  until: z.optional(time),
};

const explanation = z.object({
  userId: z.string(),
  methods: z.array(z.object({ method, destination: z.optional(z.string()), ...offered })),
  recoveryPaths: z.array(z.object({ path: z.enum(recoveryPathNames), ...offered })),
  backupCodes: z.array(z.object({ kind: codeKind, remaining: count, ...offered })),
  helpDesk: z.object({
    callerVerification: z.object({ destination: z.optional(z.string()), ...offered }),
    acts: z.array(
      z.object({
        act: z.enum(helpDeskActs),
        proofs: z.object({ caller: count, approval: count }),
        ...offered,
      }),
    ),
  }),
});

const unready = z.array(
  z.object({
    userId: z.string(),
    reference: z.string(),
    reason: z.string(),
    missing: z.array(z.object({ method, decidedBy: z.enum(deciders), until: z.optional(time) })),
  }),
);

const readiness = z.object({ lockedOut: unready, oneWay: unready, cursor: z.optional(z.string()) });

const userPage = z.object({ users: z.array(z.object(listed)), cursor: z.optional(z.string()) });

const wholePolicy = z.object({
  mode: z.enum(modes),
  mfaMethod: z.enum(mfaMethods),
  forgotPhone: z.object({
    enabled: z.boolean(),
    method: z.enum(forgotPhoneMethods),
    usersSelect: z.boolean(),
  }),
  securityCodes: z.enum(securityCodeKinds),
  otp: z.object({ digits: count, lifetimeSeconds: count, attempts: count }),
  lockout: z.object({
    attemptsBeforeWait: count,
    windowSeconds: count,
    firstWaitSeconds: count,
    longestWaitSeconds: count,
    attemptsBeforeStop: count,
  }),
  sends: z.object({
    gapsSeconds: z.array(count),
    perTenMinutes: count,
    perHour: count,
    perDay: count,
    perUserPerDay: count,
    doorShare: z.number(),
    perPrefixPerHour: count,
    perCountryPerDay: count,
    perClientPerHour: count,
    countries: z.array(z.string()),
    dailyCeilingPerChannel: count,
    dailyBudgetUsdPerChannel: count,
  }),
  breaker: z.object({
    minimumOutcomes: count,
    emailBelowPercent: count,
    stopBelowPercent: count,
    holdSeconds: count,
  }),
  backupCodes: z.object({ perBatch: count, oneTimeLifetimeSeconds: count }),
  kba: z.object({ questions: count, tries: count, windowSeconds: count }),
  helpDesk: z.object({
    callerProof: z.enum(callerProofs),
    callerAddresses: z.array(z.enum(callerAddressKinds)),
    secondOperator: z.enum(secondOperators),
    showCodes: z.boolean(),
    codesPerUserPerDay: count,
    perOperatorPerHour: count,
    perClientPerHour: count,
  }),
  enrolment: z.object({ defaultCountry: z.string(), holdHours: z.int() }),
}) satisfies z.ZodMiniType<Policy>;

export const policy = z.object({
  mode: z.enum(modes),
  mfaMethod: z.enum(mfaMethods),
  methods: z.array(method),
  recoveryPaths: z.array(z.enum(recoveryPathNames)),
  backupCodeKinds: z.array(codeKind),
  codeLength: count,
  /** Of the whole policy; log lines have it as `policy`. */
  version: z.string(),
  policy: z.optional(wholePolicy),
});

export const jwks = z.object({
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

export const health = z.object({ status: z.literal('ok') });

export const errorPointer = z.string();

export const problem = z.object({
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
    'What an assertion says. Its header has the type mfa-fallback+jwt and the algorithm RS256. `iss` is the ApiUrl, `sub` the name as enrolled, `aud` the client that asked, `exp` at most 120 s after `iat`; accept each `jti` once.',
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

export const responses = z.registry<{ id: string; description: string }>();
for (const [id, schema, description] of described) responses.add(schema, { id, description });

export const responseSchemas: ReadonlyMap<ResponseName, z.ZodMiniType> = new Map(
  described.map(([id, schema]): [ResponseName, z.ZodMiniType] => [id, schema]),
);
