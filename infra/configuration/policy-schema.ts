/** The shape of the policy in a stage's file, or in a file of its own. */
import { isSupportedCountry } from 'libphonenumber-js/min';
import * as z from 'zod';
import {
  callerAddressKinds,
  callerProofs,
  forgotPhoneMethods,
  mfaMethods,
  modes,
  policyBounds,
  policyShares,
  secondOperators,
  securityCodeKinds,
} from '../../shared/domain/policy/policy.ts';
import { country, countryAllowed, flag, oneOf, wholeNumber } from './fields.ts';

function bounded(path: keyof typeof policyBounds) {
  const [minimum, maximum] = policyBounds[path];
  return wholeNumber(minimum, maximum);
}

function share(path: keyof typeof policyShares) {
  const [minimum, maximum] = policyShares[path];
  const error = `a number from ${minimum} to ${maximum}`;
  return z.number({ error }).min(minimum, { error }).max(maximum, { error });
}

const noneOrCountry = `none, or ${countryAllowed}`;
const defaultCountry = z
  .string({ error: noneOrCountry })
  .refine((code) => code === 'none' || isSupportedCountry(code), { error: noneOrCountry });

const someAddresses = 'a list of some of alternateEmail, email, phone, each once';

/** Every field may be left out; defaults are `defaultPolicy`. */
export const policySchema = z.strictObject({
  mode: oneOf(modes).optional(),
  mfaMethod: oneOf(mfaMethods).optional(),
  forgotPhone: z
    .strictObject({
      enabled: flag.optional(),
      method: oneOf(forgotPhoneMethods).optional(),
      usersSelect: flag.optional(),
    })
    .optional(),
  securityCodes: oneOf(securityCodeKinds).optional(),
  otp: z
    .strictObject({
      digits: bounded('otp.digits').optional(),
      lifetimeSeconds: bounded('otp.lifetimeSeconds').optional(),
      attempts: bounded('otp.attempts').optional(),
    })
    .optional(),
  lockout: z
    .strictObject({
      attemptsBeforeWait: bounded('lockout.attemptsBeforeWait').optional(),
      windowSeconds: bounded('lockout.windowSeconds').optional(),
      firstWaitSeconds: bounded('lockout.firstWaitSeconds').optional(),
      longestWaitSeconds: bounded('lockout.longestWaitSeconds').optional(),
      attemptsBeforeStop: bounded('lockout.attemptsBeforeStop').optional(),
    })
    .optional(),
  sends: z
    .strictObject({
      gapsSeconds: z
        .array(bounded('sends.gapsSeconds'), { error: 'a list of one to six gaps in seconds' })
        .min(1, { error: 'a list of one to six gaps in seconds' })
        .max(6, { error: 'a list of one to six gaps in seconds' })
        .optional(),
      perTenMinutes: bounded('sends.perTenMinutes').optional(),
      perHour: bounded('sends.perHour').optional(),
      perDay: bounded('sends.perDay').optional(),
      perUserPerDay: bounded('sends.perUserPerDay').optional(),
      doorShare: share('sends.doorShare').optional(),
      perPrefixPerHour: bounded('sends.perPrefixPerHour').optional(),
      perCountryPerDay: bounded('sends.perCountryPerDay').optional(),
      perClientPerHour: bounded('sends.perClientPerHour').optional(),
      countries: z
        .array(country, { error: 'a list of countries' })
        .min(1, { error: 'a list of at least one country' })
        .optional(),
      dailyCeilingPerChannel: bounded('sends.dailyCeilingPerChannel').optional(),
      dailyBudgetUsdPerChannel: bounded('sends.dailyBudgetUsdPerChannel').optional(),
    })
    .optional(),
  breaker: z
    .strictObject({
      minimumOutcomes: bounded('breaker.minimumOutcomes').optional(),
      emailBelowPercent: bounded('breaker.emailBelowPercent').optional(),
      stopBelowPercent: bounded('breaker.stopBelowPercent').optional(),
      holdSeconds: bounded('breaker.holdSeconds').optional(),
    })
    .optional(),
  backupCodes: z
    .strictObject({
      perBatch: bounded('backupCodes.perBatch').optional(),
      oneTimeLifetimeSeconds: bounded('backupCodes.oneTimeLifetimeSeconds').optional(),
    })
    .optional(),
  kba: z
    .strictObject({
      questions: bounded('kba.questions').optional(),
      tries: bounded('kba.tries').optional(),
      windowSeconds: bounded('kba.windowSeconds').optional(),
    })
    .optional(),
  helpDesk: z
    .strictObject({
      callerProof: oneOf(callerProofs).optional(),
      callerAddresses: z
        .array(oneOf(callerAddressKinds), { error: someAddresses })
        .min(1, { error: someAddresses })
        .refine((kinds) => new Set(kinds).size === kinds.length, { error: someAddresses })
        .optional(),
      secondOperator: oneOf(secondOperators).optional(),
      showCodes: flag.optional(),
      codesPerUserPerDay: bounded('helpDesk.codesPerUserPerDay').optional(),
      perOperatorPerHour: bounded('helpDesk.perOperatorPerHour').optional(),
      perClientPerHour: bounded('helpDesk.perClientPerHour').optional(),
    })
    .optional(),
  enrolment: z
    .strictObject({
      defaultCountry: defaultCountry.optional(),
      holdHours: bounded('enrolment.holdHours').optional(),
    })
    .optional(),
});

export type PolicyOverrides = z.infer<typeof policySchema>;
