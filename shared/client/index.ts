/** `mfa-fallback/client`: what the package offers to programs that call the API. */
export type { ClientCredentials, TokenSource } from './access-token.ts';
export {
  type AssertionCheck,
  type AssertionFault,
  AssertionRefused,
  type AssertionRules,
  assertionCheck,
  type Expected,
} from './assertion.ts';
export type { Answer, CallOptions, Input, Operation } from './call.ts';
export { type Client, type ClientSettings, createClient } from './client.ts';
export { ClientFault, type FaultCode } from './fault.ts';
export { orThrow, type Problem, type ProblemCode, ProblemError, type Result } from './problem.ts';
export type { RecoveryResult, RecoveryStep, StepAnswer } from './recovery.ts';
export { memoryReplayStore, type ReplayStore } from './replay-store.ts';
export type {
  AssertionClaims,
  BackupCodeCounts,
  BackupCodes,
  Challenge,
  ChallengeStatus,
  Operations,
  Policy,
  Questions,
  Recovery,
  User,
  UserPage,
  Verification,
} from './schema.ts';
