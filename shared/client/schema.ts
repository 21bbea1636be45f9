/** What the API takes and answers. Written by `npm run openapi` from docs/openapi.json: change it there. */

/** An open challenge. An unknown user gets one that looks the same. */
export type Challenge = { readonly challengeId: string; readonly method: 'SMS' | 'Email' | 'Call'; readonly methods: readonly ('SMS' | 'Email' | 'Call')[]; readonly destination: string; readonly prompt: string; readonly codeLength: number; readonly expiresAt: string; readonly resendAvailableAt: string; readonly attemptsRemaining: number; };

/** A challenge as its client sees it, with its status and that of its message. */
export type ChallengeStatus = { readonly challengeId: string; readonly method: 'SMS' | 'Email' | 'Call'; readonly methods: readonly ('SMS' | 'Email' | 'Call')[]; readonly destination: string; readonly prompt: string; readonly codeLength: number; readonly expiresAt: string; readonly resendAvailableAt: string; readonly attemptsRemaining: number; readonly status: 'pending' | 'verified' | 'closed'; readonly delivery: 'queued' | 'sent' | 'failed'; };

/** What was verified, with an assertion: a compact JWS of type mfa-fallback+jwt, for the calling client only, valid for 120 seconds. Inside a recovery there is no assertion; the finished recovery has one. */
export type Verification = { readonly verified: true; readonly userId: string; readonly purpose: 'sign-in' | 'recovery'; readonly method: 'SMS' | 'Email' | 'Call' | 'kba' | 'otp-alternate-email' | 'kba+otp-alternate-email' | 'backup-code'; readonly amr: readonly ('otp' | 'sms' | 'tel' | 'kba')[]; readonly acr: 'urn:mfa-fallback:acr:otp-pstn' | 'urn:mfa-fallback:acr:otp-email' | 'urn:mfa-fallback:acr:kba' | 'urn:mfa-fallback:acr:backup-code' | 'urn:mfa-fallback:acr:kba+otp-email'; readonly verifiedAt: string; readonly assertion?: string | undefined; };

/** What an assertion says. Its header has the type mfa-fallback+jwt and the algorithm RS256. `iss` is the ApiUrl or the own domain, `sub` the name as enrolled, `preferred_username` the name as asked for, trimmed, `aud` the client that asked, `exp` at most 120 s after `iat`; accept each `jti` once. */
export type AssertionClaims = { readonly iss: string; readonly sub: string; readonly preferred_username: string; readonly aud: string; readonly iat: number; readonly exp: number; readonly jti: string; readonly purpose: 'sign-in' | 'recovery'; readonly amr: readonly ('otp' | 'sms' | 'tel' | 'kba')[]; readonly acr: 'urn:mfa-fallback:acr:otp-pstn' | 'urn:mfa-fallback:acr:otp-email' | 'urn:mfa-fallback:acr:kba' | 'urn:mfa-fallback:acr:backup-code' | 'urn:mfa-fallback:acr:kba+otp-email'; };

/** Security questions. Answer all of them together. */
export type Questions = { readonly challengeId: string; readonly questions: readonly ({ readonly questionId: string; readonly text: string; })[]; readonly expiresAt: string; };

/** A recovery with the step that it waits for, or with its verification once it succeeded. Right after an answer it still shows the step that was answered, or none, with `Retry-After: 1`. Read it again until `stepNumber`, which grows with each step, is another, or until it is no longer pending. */
export type Recovery = { readonly recoveryId: string; readonly stepNumber: number; readonly status: 'pending' | 'succeeded' | 'failed' | 'timed-out'; readonly expiresAt: string; readonly step?: { readonly type: 'choose'; readonly paths: readonly ('kba' | 'otp-alternate-email' | 'kba+otp-alternate-email' | 'backup-code')[]; } | { readonly type: 'kba'; readonly challenge: Questions; } | { readonly type: 'otp'; readonly challenge: Challenge; } | { readonly type: 'backup-code'; } | undefined; readonly verification?: Verification | undefined; };

/** New backup codes. This is the only time they are shown; with helpDesk.showCodes off they go to the person by email, and are not here. */
export type BackupCodes = { readonly kind: 'one-time' | 'static'; readonly codes?: readonly (string)[] | undefined; readonly expiresAt?: string | undefined; };

/** How many codes of each kind there are and how many are left, with who had them generated and why; and the latest generations, including those whose batches are over. */
export type BackupCodeCounts = { readonly static: { readonly total: number; readonly remaining: number; readonly expiresAt?: string | undefined; readonly generatedAt?: string | undefined; readonly client?: string | undefined; readonly operator?: string | undefined; readonly operatorReference?: string | undefined; readonly reason?: string | undefined; readonly ticket?: string | undefined; }; readonly 'one-time': { readonly total: number; readonly remaining: number; readonly expiresAt?: string | undefined; readonly generatedAt?: string | undefined; readonly client?: string | undefined; readonly operator?: string | undefined; readonly operatorReference?: string | undefined; readonly reason?: string | undefined; readonly ticket?: string | undefined; }; readonly generations: readonly ({ readonly kind: 'one-time' | 'static'; readonly count: number; readonly generatedAt: string; readonly client: string; readonly operator?: string | undefined; readonly operatorReference?: string | undefined; readonly reason?: string | undefined; readonly ticket?: string | undefined; })[]; readonly refusals: readonly ({ readonly refusedAt: string; readonly client: string; readonly operator: string; readonly operatorReference?: string | undefined; readonly reason: string; })[]; };

/** An enrolled user. The help desk sees masked addresses. Nobody sees the answers to security questions. */
export type User = { readonly userId: string; readonly displayName?: string | undefined; readonly enabled: boolean; readonly methods: readonly ('SMS' | 'Email' | 'Call')[]; readonly reference: string; readonly aliases?: readonly (string)[] | undefined; readonly locale?: string | undefined; readonly phone?: string | undefined; readonly email?: string | undefined; readonly alternateEmail?: string | undefined; readonly protected?: boolean | undefined; readonly securityQuestions: number; readonly lock: { readonly kind: 'none'; } | { readonly kind: 'wait'; readonly until: string; } | { readonly kind: 'stop'; }; readonly windowsLock?: { readonly kind: 'wait'; readonly until: string; } | { readonly kind: 'stop'; } | undefined; };

/** A code is on its way to the masked address. The caller reads it to the operator. */
export type CallerVerification = { readonly callerVerificationId: string; readonly destination: string; readonly expiresAt: string; };

/** What an administrator closed for everybody, until when, who did and why. */
export type Restrictions = { readonly recoveries: { readonly state: 'open' | 'closed'; readonly until?: string | undefined; readonly operator?: string | undefined; readonly reason?: string | undefined; }; readonly helpDeskCodes: { readonly state: 'open' | 'closed'; readonly until?: string | undefined; readonly operator?: string | undefined; readonly reason?: string | undefined; }; };

/** What a person would be offered now, and what decides where it is not. */
export type Explanation = { readonly userId: string; readonly methods: readonly ({ readonly method: 'SMS' | 'Email' | 'Call'; readonly destination?: string | undefined; readonly offered: boolean; readonly decidedBy?: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop' | undefined; readonly detail?: string | undefined; readonly until?: string | undefined; })[]; readonly recoveryPaths: readonly ({ readonly path: 'kba' | 'otp-alternate-email' | 'kba+otp-alternate-email' | 'backup-code'; readonly offered: boolean; readonly decidedBy?: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop' | undefined; readonly detail?: string | undefined; readonly until?: string | undefined; })[]; readonly backupCodes: readonly ({ readonly kind: 'one-time' | 'static'; readonly remaining: number; readonly offered: boolean; readonly decidedBy?: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop' | undefined; readonly detail?: string | undefined; readonly until?: string | undefined; })[]; readonly helpDesk: { readonly callerVerification: { readonly destination?: string | undefined; readonly offered: boolean; readonly decidedBy?: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop' | undefined; readonly detail?: string | undefined; readonly until?: string | undefined; }; readonly acts: readonly ({ readonly act: 'backup-codes' | 'unlock'; readonly proofs: { readonly caller: number; readonly approval: number; }; readonly offered: boolean; readonly decidedBy?: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop' | undefined; readonly detail?: string | undefined; readonly until?: string | undefined; })[]; }; };

/** The last messages of a person, with masked destinations. */
export type Deliveries = { readonly deliveries: readonly ({ readonly at: string; readonly method: 'SMS' | 'Email' | 'Call'; readonly destination: string; readonly purpose: 'sign-in' | 'recovery' | 'caller' | 'notice'; readonly outcome: 'queued' | 'sent' | 'failed' | 'dropped'; readonly reason?: string | undefined; })[]; };

/** Shows that a caller was verified or an operator approved: for one act, of one client and operator, within 15 minutes. */
export type Proof = { readonly proof: string; };

/** A page of enrolled users, sorted by name. The last page has no cursor. */
export type UserPage = { readonly users: readonly ({ readonly userId: string; readonly displayName?: string | undefined; readonly enabled: boolean; readonly methods: readonly ('SMS' | 'Email' | 'Call')[]; readonly reference: string; })[]; readonly cursor?: string | undefined; };

/** People whom no code reaches today, and whom one method alone reaches. */
export type Readiness = { readonly lockedOut: readonly ({ readonly userId: string; readonly reference: string; readonly reason: string; readonly missing: readonly ({ readonly method: 'SMS' | 'Email' | 'Call'; readonly decidedBy: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop'; readonly until?: string | undefined; })[]; })[]; readonly oneWay: readonly ({ readonly userId: string; readonly reference: string; readonly reason: string; readonly missing: readonly ({ readonly method: 'SMS' | 'Email' | 'Call'; readonly decidedBy: 'policy.mode' | 'policy.mfaMethod' | 'policy.forgotPhone.enabled' | 'policy.forgotPhone.method' | 'policy.forgotPhone.usersSelect' | 'policy.securityCodes' | 'policy.sends.countries' | 'policy.sends.perUserPerDay' | 'policy.sends.perDay' | 'policy.kba.questions' | 'policy.kba.tries' | 'policy.enrolment.holdHours' | 'policy.helpDesk.callerAddresses' | 'policy.helpDesk.secondOperator' | 'policy.helpDesk.codesPerUserPerDay' | 'policy.helpDesk.showCodes' | 'voice' | 'restrictions.recoveries' | 'restrictions.helpDeskCodes' | 'enabled' | 'phone' | 'landline' | 'email' | 'alternateEmail' | 'backupCodes' | 'callerVerifications' | 'wait' | 'stop'; readonly until?: string | undefined; })[]; })[]; readonly cursor?: string | undefined; };

/** What this deployment offers. The administrator sees the whole policy. */
export type Policy = { readonly mode: 'Hybrid' | 'MFA' | 'DirectFidoAuth'; readonly mfaMethod: 'All' | 'SMS' | 'Email' | 'Call'; readonly methods: readonly ('SMS' | 'Email' | 'Call')[]; readonly recoveryPaths: readonly ('kba' | 'otp-alternate-email' | 'kba+otp-alternate-email' | 'backup-code')[]; readonly backupCodeKinds: readonly ('one-time' | 'static')[]; readonly codeLength: number; readonly version: string; readonly policy?: { readonly mode: 'Hybrid' | 'MFA' | 'DirectFidoAuth'; readonly mfaMethod: 'All' | 'SMS' | 'Email' | 'Call'; readonly forgotPhone: { readonly enabled: boolean; readonly method: 'otp-alternate-email' | 'kba+otp-alternate-email' | 'kba'; readonly usersSelect: boolean; }; readonly securityCodes: 'none' | 'static' | 'one-time' | 'both'; readonly otp: { readonly digits: number; readonly lifetimeSeconds: number; readonly attempts: number; }; readonly lockout: { readonly attemptsBeforeWait: number; readonly windowSeconds: number; readonly firstWaitSeconds: number; readonly longestWaitSeconds: number; readonly attemptsBeforeStop: number; }; readonly sends: { readonly gapsSeconds: readonly (number)[]; readonly perTenMinutes: number; readonly perHour: number; readonly perDay: number; readonly perUserPerDay: number; readonly doorShare: number; readonly perPrefixPerHour: number; readonly perCountryPerDay: number; readonly perClientPerHour: number; readonly countries: readonly (string)[]; readonly dailyCeilingPerChannel: number; readonly dailyBudgetUsdPerChannel: number; }; readonly breaker: { readonly minimumOutcomes: number; readonly emailBelowPercent: number; readonly stopBelowPercent: number; readonly holdSeconds: number; }; readonly backupCodes: { readonly perBatch: number; readonly oneTimeLifetimeSeconds: number; }; readonly kba: { readonly questions: number; readonly tries: number; readonly windowSeconds: number; }; readonly helpDesk: { readonly callerProof: 'required' | 'off'; readonly callerAddresses: readonly ('alternateEmail' | 'email' | 'phone')[]; readonly secondOperator: 'off' | 'protected-users' | 'always'; readonly showCodes: boolean; readonly codesPerUserPerDay: number; readonly perOperatorPerHour: number; readonly perClientPerHour: number; }; readonly enrolment: { readonly defaultCountry: string; readonly holdHours: number; }; } | undefined; };

/** Public keys of the assertions (RFC 7517). May be cached for five minutes. */
export type Jwks = { readonly keys: readonly ({ readonly kty: 'RSA'; readonly n: string; readonly e: string; readonly kid: string; readonly alg: 'RS256'; readonly use: 'sig'; readonly x5c?: readonly (string)[] | undefined; })[]; };

/** The API answers. This says nothing about its dependencies. */
export type Health = { readonly status: 'ok'; };

/** A problem document (RFC 9457). Programs should read `code`; `detail` is for people and may change. */
export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly code: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'proof-required' | 'fallback-disabled' | 'not-found' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'code-rejected' | 'method-unavailable' | 'attempts-exhausted' | 'rate-limited' | 'unavailable'; readonly detail: string; readonly errors?: readonly ({ readonly pointer: string; readonly detail: string; })[] | undefined; readonly attemptsRemaining?: number | undefined; readonly missing?: readonly ('caller' | 'approval')[] | undefined; readonly reason?: 'stopped' | 'wait' | 'challenge' | undefined; };

/** An answer of API Gateway itself. */
export type GatewayAnswer = { readonly message: string; };

export interface Operations {
  /** Send a one-time code and open a challenge for it. */
  startOtpChallenge: {
    body: { readonly userId: string; readonly method?: 'SMS' | 'Email' | 'Call' | null | undefined; readonly session?: string | null | undefined; readonly locale?: string | null | undefined; readonly device?: string | null | undefined; };
    answer: Challenge;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'payload-too-large' | 'unsupported-media-type' | 'method-unavailable' | 'attempts-exhausted' | 'rate-limited' | 'unavailable';
  };
  /** Send a new code for an open challenge, by another method if asked. */
  resendOtpCode: {
    path: { readonly challengeId: string; };
    body?: { readonly method?: 'SMS' | 'Email' | 'Call' | null | undefined; };
    answer: Challenge;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'method-unavailable' | 'attempts-exhausted' | 'rate-limited' | 'unavailable';
  };
  /** Read the status of a challenge and of its message. */
  readOtpChallenge: {
    path: { readonly challengeId: string; };
    answer: ChallengeStatus;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'challenge-closed' | 'unavailable';
  };
  /** Verify a typed code. */
  verifyOtpCode: {
    path: { readonly challengeId: string; };
    body: { readonly code: string; };
    answer: Verification;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'code-rejected' | 'attempts-exhausted' | 'unavailable';
  };
  /** Ask a person security questions. */
  askSecurityQuestions: {
    body: { readonly userId: string; readonly session?: string | null | undefined; readonly locale?: string | null | undefined; };
    answer: Questions;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'payload-too-large' | 'unsupported-media-type' | 'attempts-exhausted' | 'unavailable';
  };
  /** Check all answers together. */
  checkSecurityAnswers: {
    path: { readonly challengeId: string; };
    body: { readonly answers: readonly ({ readonly questionId: string; readonly answer: string; })[]; };
    answer: Verification;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'code-rejected' | 'attempts-exhausted' | 'unavailable';
  };
  /** Redeem a backup code. */
  useBackupCode: {
    body: { readonly userId: string | null; readonly code: string; } | { readonly recoveryId: string | null; readonly code: string; };
    answer: Verification;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'code-rejected' | 'attempts-exhausted' | 'unavailable';
  };
  /** Generate a batch of backup codes, shown this once. */
  generateBackupCodes: {
    path: { readonly userId: string; };
    body: { readonly kind: 'one-time'; readonly count?: number | null | undefined; readonly expiresInSeconds?: number | null | undefined; readonly operator?: string | null | undefined; readonly reason: string; readonly ticket?: string | null | undefined; readonly proofs?: readonly (string)[] | null | undefined; } | { readonly kind: 'static'; readonly count?: number | null | undefined; readonly operator?: string | null | undefined; readonly reason: string; readonly ticket?: string | null | undefined; readonly proofs?: readonly (string)[] | null | undefined; };
    answer: BackupCodes;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'proof-required' | 'fallback-disabled' | 'not-found' | 'conflict' | 'payload-too-large' | 'unsupported-media-type' | 'method-unavailable' | 'rate-limited' | 'unavailable';
  };
  /** Count the backup codes of a user. */
  countBackupCodes: {
    path: { readonly userId: string; };
    answer: BackupCodeCounts;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
  };
  /** Revoke all backup codes of a user. */
  revokeBackupCodes: {
    path: { readonly userId: string; };
    answer: undefined;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
  };
  /** Start a recovery for a person without the phone at hand. */
  startRecovery: {
    body: { readonly userId: string; readonly path?: 'kba' | 'otp-alternate-email' | 'kba+otp-alternate-email' | 'backup-code' | null | undefined; readonly session?: string | null | undefined; readonly locale?: string | null | undefined; };
    answer: Recovery;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'payload-too-large' | 'unsupported-media-type' | 'attempts-exhausted' | 'rate-limited' | 'unavailable';
  };
  /** Choose the path of a recovery, if its step asks for one. */
  chooseRecoveryPath: {
    path: { readonly recoveryId: string; };
    body: { readonly path: 'kba' | 'otp-alternate-email' | 'kba+otp-alternate-email' | 'backup-code'; };
    answer: Recovery;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'fallback-disabled' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'unavailable';
  };
  /** Read the step that a recovery waits for, or how it ended. */
  readRecovery: {
    path: { readonly recoveryId: string; };
    answer: Recovery;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'challenge-closed' | 'unavailable';
  };
  /** List enrolled users by name. */
  listUsers: {
    query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined; };
    answer: UserPage;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'unavailable';
  };
  /** List those whom no code reaches today, and those whom one method alone reaches. */
  readReadiness: {
    query?: { readonly cursor?: string | undefined; };
    answer: Readiness;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'unavailable';
  };
  /** Enrol a user or replace their contact data. */
  enrolUser: {
    path: { readonly userId: string; };
    query?: { readonly dryRun?: 'true' | 'false' | undefined; };
    body?: { readonly aliases?: readonly (string)[] | null | undefined; readonly phone?: string | null | undefined; readonly email?: string | null | undefined; readonly alternateEmail?: string | null | undefined; readonly locale?: string | null | undefined; readonly displayName?: string | null | undefined; readonly enabled?: boolean | null | undefined; readonly protected?: boolean | null | undefined; readonly securityQuestions?: readonly ({ readonly questionId: string | null; readonly answer: string; } | { readonly text: string | null; readonly answer: string; })[] | null | undefined; };
    answer: User;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'payload-too-large' | 'unsupported-media-type' | 'unavailable';
  };
  /** Change parts of a user, or rename one. */
  changeUser: {
    path: { readonly userId: string; };
    query?: { readonly dryRun?: 'true' | 'false' | undefined; };
    body?: { readonly userId?: string | null | undefined; readonly aliases?: readonly (string)[] | null | undefined; readonly phone?: string | null | undefined; readonly email?: string | null | undefined; readonly alternateEmail?: string | null | undefined; readonly locale?: string | null | undefined; readonly displayName?: string | null | undefined; readonly enabled?: boolean | null | undefined; readonly protected?: boolean | null | undefined; readonly securityQuestions?: readonly ({ readonly questionId: string | null; readonly answer: string; } | { readonly text: string | null; readonly answer: string; })[] | null | undefined; };
    answer: User;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'payload-too-large' | 'unsupported-media-type' | 'unavailable';
  };
  /** Read a user; the help desk sees masked addresses. */
  readUser: {
    path: { readonly userId: string; };
    answer: User;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
  };
  /** Remove a user and notify every address. */
  removeUser: {
    path: { readonly userId: string; };
    answer: undefined;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
  };
  /** Unlock a user who has to wait or is stopped. */
  unlockUser: {
    path: { readonly userId: string; };
    body: { readonly operator?: string | null | undefined; readonly reason: string; readonly ticket?: string | null | undefined; readonly proofs?: readonly (string)[] | null | undefined; };
    answer: undefined;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'proof-required' | 'not-found' | 'payload-too-large' | 'unsupported-media-type' | 'rate-limited' | 'unavailable';
  };
  /** Read what became of the last twenty messages of a user. */
  readDeliveries: {
    path: { readonly userId: string; };
    answer: Deliveries;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
  };
  /** Explain what a user would be offered now, and what decides where it is not. */
  explainUser: {
    path: { readonly userId: string; };
    answer: Explanation;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'unavailable';
  };
  /** Approve of what another operator is about to do. */
  approve: {
    path: { readonly userId: string; };
    body: { readonly operator?: string | null | undefined; readonly reason: string; readonly ticket?: string | null | undefined; readonly for: 'backup-codes' | 'unlock'; };
    answer: Proof;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'payload-too-large' | 'unsupported-media-type' | 'rate-limited' | 'unavailable';
  };
  /** Send a code that the caller reads out, to an address that policy chooses. */
  verifyCaller: {
    path: { readonly userId: string; };
    body?: { readonly operator?: string | null | undefined; readonly ticket?: string | null | undefined; };
    answer: CallerVerification;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'not-found' | 'payload-too-large' | 'unsupported-media-type' | 'method-unavailable' | 'rate-limited' | 'unavailable';
  };
  /** Verify the code that the caller read out, for a proof. */
  verifyCallerCode: {
    path: { readonly callerVerificationId: string; };
    body: { readonly code: string; };
    answer: Proof;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'conflict' | 'challenge-closed' | 'payload-too-large' | 'unsupported-media-type' | 'code-rejected' | 'attempts-exhausted' | 'unavailable';
  };
  /** Read what is closed for everybody. */
  readRestrictions: {
    answer: Restrictions;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'unavailable';
  };
  /** Close recoveries or the help desk’s codes for everybody, or open them. */
  restrict: {
    body: { readonly recoveries?: 'open' | 'closed' | null | undefined; readonly helpDeskCodes?: 'open' | 'closed' | null | undefined; readonly until?: string | null | undefined; readonly operator?: string | null | undefined; readonly reason: string; };
    answer: Restrictions;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'payload-too-large' | 'unsupported-media-type' | 'unavailable';
  };
  /** Read what this deployment offers. */
  readPolicy: {
    answer: Policy;
    problem: 'invalid-request' | 'unauthenticated' | 'forbidden' | 'unavailable';
  };
  /** Read the public keys of the assertions. */
  readAssertionKeys: {
    answer: Jwks;
    problem: 'unavailable';
  };
  /** Check that the API answers. */
  readHealth: {
    answer: Health;
    problem: 'unavailable';
  };
}

export const operations = {
  startOtpChallenge: ['POST', '/v1/otp-challenges'],
  resendOtpCode: ['POST', '/v1/otp-challenges/{challengeId}/resend'],
  readOtpChallenge: ['GET', '/v1/otp-challenges/{challengeId}'],
  verifyOtpCode: ['POST', '/v1/otp-challenges/{challengeId}/verify'],
  askSecurityQuestions: ['POST', '/v1/kba-challenges'],
  checkSecurityAnswers: ['POST', '/v1/kba-challenges/{challengeId}/check'],
  useBackupCode: ['POST', '/v1/backup-codes/verify'],
  generateBackupCodes: ['POST', '/v1/users/{userId}/backup-codes'],
  countBackupCodes: ['GET', '/v1/users/{userId}/backup-codes'],
  revokeBackupCodes: ['DELETE', '/v1/users/{userId}/backup-codes'],
  startRecovery: ['POST', '/v1/recoveries'],
  chooseRecoveryPath: ['POST', '/v1/recoveries/{recoveryId}/path'],
  readRecovery: ['GET', '/v1/recoveries/{recoveryId}'],
  listUsers: ['GET', '/v1/users'],
  readReadiness: ['GET', '/v1/readiness'],
  enrolUser: ['PUT', '/v1/users/{userId}'],
  changeUser: ['PATCH', '/v1/users/{userId}'],
  readUser: ['GET', '/v1/users/{userId}'],
  removeUser: ['DELETE', '/v1/users/{userId}'],
  unlockUser: ['POST', '/v1/users/{userId}/unlock'],
  readDeliveries: ['GET', '/v1/users/{userId}/deliveries'],
  explainUser: ['GET', '/v1/users/{userId}/explanation'],
  approve: ['POST', '/v1/users/{userId}/approvals'],
  verifyCaller: ['POST', '/v1/users/{userId}/caller-verifications'],
  verifyCallerCode: ['POST', '/v1/caller-verifications/{callerVerificationId}/verify'],
  readRestrictions: ['GET', '/v1/restrictions'],
  restrict: ['PUT', '/v1/restrictions'],
  readPolicy: ['GET', '/v1/policy'],
  readAssertionKeys: ['GET', '/.well-known/jwks.json'],
  readHealth: ['GET', '/v1/health'],
} as const satisfies Record<keyof Operations, readonly [string, string]>;
