/** What can decide that something is not offered: the closed list that answers and programs know. */

/** A field of the policy or the stage, a field of the person, or what happened lately. */
export const deciders = [
  'policy.mode',
  'policy.mfaMethod',
  'policy.forgotPhone.enabled',
  'policy.forgotPhone.method',
  'policy.forgotPhone.usersSelect',
  'policy.securityCodes',
  'policy.sends.countries',
  'policy.sends.perUserPerDay',
  'policy.sends.perDay',
  'policy.kba.questions',
  'policy.kba.tries',
  'policy.enrolment.holdHours',
  'policy.helpDesk.callerAddresses',
  'policy.helpDesk.secondOperator',
  'policy.helpDesk.codesPerUserPerDay',
  'policy.helpDesk.showCodes',
  'voice',
  'restrictions.recoveries',
  'restrictions.helpDeskCodes',
  'enabled',
  'phone',
  'landline',
  'email',
  'alternateEmail',
  'backupCodes',
  'callerVerifications',
  'wait',
  'stop',
] as const;
export type Decider = (typeof deciders)[number];
