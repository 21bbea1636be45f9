/** What somebody gets who signs a person in: challenges, questions, verifications, recoveries. */
import * as z from 'zod/mini';
import { assertedPurposes } from '../../shared/domain/identifiers/challenge-id.ts';
import { methods } from '../../shared/domain/policy/policy.ts';
import { recoveryPathNames } from '../../shared/domain/policy/recovery-paths.ts';
import { count, method, time } from './answer-fields.ts';

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

export const challengeStatus = z.extend(challenge, {
  status: z.enum(['pending', 'verified', 'closed']),
  delivery: z.enum(['queued', 'sent', 'failed']),
});

const acrs = ['otp-pstn', 'otp-email', 'kba', 'backup-code', 'kba+otp-email'] as const;

const acr = z.enum(acrs.map((name) => `urn:mfa-fallback:acr:${name}` as const));
const amr = z.array(z.enum(['otp', 'sms', 'tel', 'kba']));

export const assertion = z.string().check(z.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/));

/** RFC 7519 §4.1. */
const numericDate = z.int().check(z.minimum(0));

export const assertionClaims = z.object({
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
