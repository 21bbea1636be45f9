/** What help desks and administrators get: people, their codes and messages, what they are offered. */
import * as z from 'zod/mini';
import { deliveryOutcomes, deliveryPurposes } from '../../shared/domain/delivery/delivery-log.ts';
import { deciders } from '../../shared/domain/enrolment/deciders.ts';
import { recoveryPathNames } from '../../shared/domain/policy/recovery-paths.ts';
import { helpDeskActs } from '../../shared/domain/user-record/help-desk-state.ts';
import { codeKind, count, method, time } from './answer-fields.ts';

export const backupCodes = z.object({
  kind: codeKind,
  codes: z.optional(z.array(z.string())),
  expiresAt: z.optional(time),
});

export const callerVerification = z.object({
  callerVerificationId: z.string(),
  destination: z.string(),
  expiresAt: time,
});

export const deliveries = z.object({
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

export const restrictions = z.object({ recoveries: restriction, helpDeskCodes: restriction });

export const proof = z.object({ proof: z.string() });

const words = z.optional(z.string());
/** `operatorReference` is the `operator` of the log. */
const asked = {
  client: z.string(),
  operator: words,
  operatorReference: words,
  reason: words,
  ticket: words,
};
const codeCount = z.object({
  total: count,
  remaining: count,
  expiresAt: z.optional(time),
  generatedAt: z.optional(time),
  ...asked,
  client: words,
});
export const backupCodeCounts = z.object({
  static: codeCount,
  'one-time': codeCount,
  /** The last twenty, newest first. */
  generations: z.array(z.object({ kind: codeKind, count, generatedAt: time, ...asked })),
  /** The last twenty requests that were refused, newest first. */
  refusals: z.array(
    z.object({
      refusedAt: time,
      client: z.string(),
      operator: z.string(),
      operatorReference: words,
      reason: z.string(),
    }),
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

export const explanation = z.object({
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

export const readiness = z.object({ lockedOut: unready, oneWay: unready, cursor: z.optional(z.string()) });

export const userPage = z.object({ users: z.array(z.object(listed)), cursor: z.optional(z.string()) });
