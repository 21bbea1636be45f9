/** What an administrator may decide: the policy's fields, their defaults and their bounds. */

/** Out-of-band methods a code can go out by, in the order in which they are tried. */
export const methods = ['SMS', 'Email', 'Call'] as const;
export type Method = (typeof methods)[number];

export const modes = ['Hybrid', 'MFA', 'DirectFidoAuth'] as const;
export const mfaMethods = ['All', ...methods] as const;
export const forgotPhoneMethods = ['otp-alternate-email', 'kba+otp-alternate-email', 'kba'] as const;
export const callerProofs = ['required', 'off'] as const;
export const callerAddressKinds = ['alternateEmail', 'email', 'phone'] as const;
export const secondOperators = ['off', 'protected-users', 'always'] as const;
export const securityCodeKinds = ['none', 'static', 'one-time', 'both'] as const;

/** The whole policy, every field present. Times are seconds, unless the name says otherwise. */
export interface Policy {
  readonly mode: (typeof modes)[number];
  readonly mfaMethod: (typeof mfaMethods)[number];
  readonly forgotPhone: {
    readonly enabled: boolean;
    readonly method: (typeof forgotPhoneMethods)[number];
    readonly usersSelect: boolean;
  };
  readonly securityCodes: (typeof securityCodeKinds)[number];
  readonly otp: { readonly digits: number; readonly lifetimeSeconds: number; readonly attempts: number };
  readonly lockout: {
    readonly attemptsBeforeWait: number;
    readonly windowSeconds: number;
    readonly firstWaitSeconds: number;
    readonly longestWaitSeconds: number;
    readonly attemptsBeforeStop: number;
  };
  readonly sends: {
    readonly gapsSeconds: readonly number[];
    readonly perTenMinutes: number;
    readonly perHour: number;
    readonly perDay: number;
    /** Rolling 24 hours, over all of a user's destinations and clients. */
    readonly perUserPerDay: number;
    /** Of these, the part that one door can use: a client, the logon screens of Windows, or recoveries. */
    readonly doorShare: number;
    /** Numbers that differ in their last three digits only: a block, as ranges are rented out. */
    readonly perPrefixPerHour: number;
    readonly perCountryPerDay: number;
    readonly perClientPerHour: number;
    /** ISO 3166 alpha-2 countries whose numbers may receive an SMS or a call. */
    readonly countries: readonly string[];
    readonly dailyCeilingPerChannel: number;
    /** What a day may cost at most by each channel, every message counted at its highest price. */
    readonly dailyBudgetUsdPerChannel: number;
  };
  /** Messages to a country's numbers whose codes nobody types in: what pumping looks like from inside. */
  readonly breaker: {
    /** Numbers of the hour whose outcome is known before anything is concluded. */
    readonly minimumOutcomes: number;
    /** When fewer of the numbers are good, codes go out by email to those who have one. 0 turns this stage off. */
    readonly emailBelowPercent: number;
    /** When fewer of the numbers are good, nothing is sent to the country's numbers. 0 turns this stage off. */
    readonly stopBelowPercent: number;
    readonly holdSeconds: number;
  };
  readonly backupCodes: { readonly perBatch: number; readonly oneTimeLifetimeSeconds: number };
  readonly kba: { readonly questions: number; readonly tries: number; readonly windowSeconds: number };
  /** What the help desk must show before it makes codes or unlocks, and how often it may act. */
  readonly helpDesk: {
    /** Whether the caller reads out a code that went to one of their addresses. */
    readonly callerProof: (typeof callerProofs)[number];
    /** That code goes to the first of these that the person has; the operator cannot choose. */
    readonly callerAddresses: readonly (typeof callerAddressKinds)[number][];
    /** For which people another operator has to approve. */
    readonly secondOperator: (typeof secondOperators)[number];
    /** Whether the operator sees the codes, or they go to the person by email. */
    readonly showCodes: boolean;
    /** Rolling 24 hours. */
    readonly codesPerUserPerDay: number;
    /** Generations, verifications of callers, approvals and unlockings together, in a rolling hour. */
    readonly perOperatorPerHour: number;
    readonly perClientPerHour: number;
  };
  /** `defaultCountry`: the ISO 3166 country whose numbers may be written without its code, or `none`. */
  readonly enrolment: {
    readonly defaultCountry: string;
    /** How long no code goes to a new address of a person who has an older one. */
    readonly holdHours: number;
  };
}

export const defaultPolicy: Policy = {
  mode: 'Hybrid',
  mfaMethod: 'All',
  forgotPhone: { enabled: false, method: 'otp-alternate-email', usersSelect: false },
  securityCodes: 'none',
  otp: {
    digits: 6, // SP 800-63B-4 §3.1.3.2: at least six decimal digits
    lifetimeSeconds: 300, // half of the ten minutes that SP 800-63B-4 §3.1.3.2 and ASVS 6.5.5 allow
    attempts: 5, // five guesses at 10^6 codes: 5e-6 per challenge
  },
  lockout: {
    attemptsBeforeWait: 10,
    windowSeconds: 86_400,
    firstWaitSeconds: 30, // SP 800-63B-4 §3.2.2 suggests waits that grow from 30 s …
    longestWaitSeconds: 3_600, // … to one hour
    attemptsBeforeStop: 100, // SP 800-63B-4 §3.2.2: the upper bound of consecutive failures
  },
  sends: {
    gapsSeconds: [30, 60, 120],
    perTenMinutes: 5,
    perHour: 10,
    perDay: 20,
    perUserPerDay: 30,
    doorShare: 0.67, // two thirds: whoever floods one door leaves a third to the others
    perPrefixPerHour: 200,
    perCountryPerDay: 5_000,
    perClientPerHour: 5_000,
    countries: ['US', 'CA', 'GB', 'IE', 'DE', 'AT', 'CH', 'FR', 'BE', 'NL', 'LU', 'ES', 'PT', 'IT'],
    dailyCeilingPerChannel: 10_000,
    dailyBudgetUsdPerChannel: 1_000,
  },
  breaker: { minimumOutcomes: 30, emailBelowPercent: 30, stopBelowPercent: 10, holdSeconds: 3_600 },
  backupCodes: { perBatch: 10, oneTimeLifetimeSeconds: 86_400 },
  kba: { questions: 3, tries: 3, windowSeconds: 86_400 },
  helpDesk: {
    callerProof: 'required',
    callerAddresses: callerAddressKinds,
    secondOperator: 'off',
    showCodes: true,
    codesPerUserPerDay: 2,
    perOperatorPerHour: 30,
    perClientPerHour: 300,
  },
  enrolment: { defaultCountry: 'none', holdHours: 48 },
};

/** Not an administrator's to set: answering takes longer than typing a code. */
export const questionsLifetimeSeconds = 600;

/** Inclusive bounds of the numbers an administrator may set, by their path in the policy. */
export const policyBounds = {
  'otp.digits': [6, 10],
  'otp.lifetimeSeconds': [60, 600],
  'otp.attempts': [1, 10],
  'lockout.attemptsBeforeWait': [3, 20],
  'lockout.windowSeconds': [3_600, 604_800],
  'lockout.firstWaitSeconds': [10, 600],
  'lockout.longestWaitSeconds': [60, 86_400],
  'lockout.attemptsBeforeStop': [10, 100],
  'sends.gapsSeconds': [10, 600],
  'sends.perTenMinutes': [1, 20],
  'sends.perHour': [1, 40],
  'sends.perDay': [1, 50],
  'sends.perUserPerDay': [1, 200],
  'sends.perPrefixPerHour': [1, 1_000_000],
  'sends.perCountryPerDay': [1, 10_000_000],
  'sends.perClientPerHour': [1, 10_000_000],
  'sends.dailyCeilingPerChannel': [1, 10_000_000],
  'sends.dailyBudgetUsdPerChannel': [1, 1_000_000],
  'breaker.minimumOutcomes': [30, 10_000],
  'breaker.emailBelowPercent': [0, 90],
  'breaker.stopBelowPercent': [0, 90],
  'breaker.holdSeconds': [600, 86_400],
  'backupCodes.perBatch': [1, 20],
  'backupCodes.oneTimeLifetimeSeconds': [600, 604_800],
  'kba.questions': [3, 10],
  'kba.tries': [1, 10],
  'kba.windowSeconds': [3_600, 604_800],
  'helpDesk.codesPerUserPerDay': [1, 100],
  'helpDesk.perOperatorPerHour': [1, 10_000],
  'helpDesk.perClientPerHour': [1, 100_000],
  'enrolment.holdHours': [0, 168],
} as const satisfies Record<string, readonly [minimum: number, maximum: number]>;

/** The same of what is a part of a whole, and so no whole number. */
export const policyShares = {
  'sends.doorShare': [0.1, 1],
} as const satisfies Record<string, readonly [minimum: number, maximum: number]>;
