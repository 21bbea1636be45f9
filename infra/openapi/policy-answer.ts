/** The policy as the API shows it: what everybody may know of it, and the whole for the administrator. */
import * as z from 'zod/mini';
import {
  callerAddressKinds,
  callerProofs,
  forgotPhoneMethods,
  mfaMethods,
  modes,
  type Policy,
  secondOperators,
  securityCodeKinds,
} from '../../shared/domain/policy/policy.ts';
import { recoveryPathNames } from '../../shared/domain/policy/recovery-paths.ts';
import { codeKind, count, method } from './answer-fields.ts';

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
