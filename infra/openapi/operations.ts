/** The description of each route: its summary, schemas, answers and refusals. A route without one does not compile. */
import type * as z from 'zod/mini';
import { generateBody, redeemBody } from '../../shared/http/backup-codes.ts';
import { approvalBody, callerBody, callerCodeBody, callerPath } from '../../shared/http/help-desk.ts';
import { askBody, checkBody } from '../../shared/http/kba-challenges.ts';
import { challengePath, resendBody, startBody, verifyBody } from '../../shared/http/otp-challenges.ts';
import { choosePathBody, recoveryPath, startRecoveryBody } from '../../shared/http/recoveries.ts';
import { restrictionsBody } from '../../shared/http/restrictions.ts';
import type { RouteKey } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import {
  enrolBody,
  enrolQuery,
  listQuery,
  patchBody,
  readinessQuery,
  unlockBody,
} from '../../shared/http/users.ts';
import * as refusals from './refusals.ts';
import type { ResponseName } from './responses.ts';

export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly path?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** The body of each success by status; `null` means that there is none. */
  readonly answers: Readonly<Record<number, ResponseName | null>>;
  /** The problems of this route, apart from those that all routes share. */
  readonly refusals: refusals.Refusals;
}

export const operations = {
  'POST /v1/otp-challenges': {
    id: 'startOtpChallenge',
    summary: 'Send a one-time code and open a challenge for it',
    description:
      'A start during the resend cooldown answers with the open challenge of its session and sends nothing; a session ' +
      'without one has to wait. The answer for an unknown or disabled user looks like that for an enrolled one.',
    body: startBody,
    answers: { 201: 'Challenge' },
    refusals: refusals.start,
  },
  'POST /v1/otp-challenges/{challengeId}/resend': {
    id: 'resendOtpCode',
    summary: 'Send a new code for an open challenge, by another method if asked',
    description: 'The old code stops working at once. Attempts and expiry stay the same.',
    path: challengePath,
    body: resendBody,
    answers: { 200: 'Challenge' },
    refusals: refusals.resend,
  },
  'GET /v1/otp-challenges/{challengeId}': {
    id: 'readOtpChallenge',
    summary: 'Read the status of a challenge and of its message',
    path: challengePath,
    answers: { 200: 'ChallengeStatus' },
    refusals: { 'challenge-closed': 'The challenge is unknown, long over, or another client’s.' },
  },
  'POST /v1/otp-challenges/{challengeId}/verify': {
    id: 'verifyOtpCode',
    summary: 'Verify a typed code',
    description:
      'Records an attempt. Spaces, hyphens and dots are ignored, and decimal digits of any script are accepted.',
    path: challengePath,
    body: verifyBody,
    answers: { 200: 'Verification' },
    refusals: refusals.verify,
  },
  'POST /v1/kba-challenges': {
    id: 'askSecurityQuestions',
    summary: 'Ask a person security questions',
    description: 'Only if policy offers the path kba.',
    body: askBody,
    answers: { 201: 'Questions' },
    refusals: refusals.ask,
  },
  'POST /v1/kba-challenges/{challengeId}/check': {
    id: 'checkSecurityAnswers',
    summary: 'Check all answers together',
    description: 'Records an attempt. The verdict is on all answers, not on each.',
    path: challengePath,
    body: checkBody,
    answers: { 200: 'Verification' },
    refusals: refusals.check,
  },
  'POST /v1/backup-codes/verify': {
    id: 'useBackupCode',
    summary: 'Redeem a backup code',
    description: 'Records an attempt. Each code works once.',
    body: redeemBody,
    answers: { 200: 'Verification' },
    refusals: refusals.redeem,
  },
  'POST /v1/users/{userId}/backup-codes': {
    id: 'generateBackupCodes',
    summary: 'Generate a batch of backup codes, shown this once',
    description: 'The new batch replaces the older one of its kind. Each code works once, whatever its kind.',
    path: userPath,
    body: generateBody,
    answers: { 201: 'BackupCodes' },
    refusals: refusals.generate,
  },
  'GET /v1/users/{userId}/backup-codes': {
    id: 'countBackupCodes',
    summary: 'Count the backup codes of a user',
    path: userPath,
    answers: { 200: 'BackupCodeCounts' },
    refusals: refusals.unknownUser,
  },
  'DELETE /v1/users/{userId}/backup-codes': {
    id: 'revokeBackupCodes',
    summary: 'Revoke all backup codes of a user',
    path: userPath,
    answers: { 204: null },
    refusals: refusals.revoke,
  },
  'GET /v1/users': {
    id: 'listUsers',
    summary: 'List enrolled users by name',
    query: listQuery,
    answers: { 200: 'UserPage' },
    refusals: {},
  },
  'GET /v1/readiness': {
    id: 'readReadiness',
    summary: 'List those whom no code reaches today, and those whom one method alone reaches',
    description:
      'A page looks at five hundred people, by name, and may name nobody: go on until there is no cursor. Whoever is ' +
      'disabled is left out.',
    query: readinessQuery,
    answers: { 200: 'Readiness' },
    refusals: {},
  },
  'PUT /v1/users/{userId}': {
    id: 'enrolUser',
    summary: 'Enrol a user or replace their contact data',
    description:
      'Without the property securityQuestions, the enrolled questions stay. If an address changes, challenges that ' +
      'went to it are closed, and every address is notified. With dryRun, the answer ' +
      'says what would come of it, and nothing is written.',
    path: userPath,
    query: enrolQuery,
    body: enrolBody,
    answers: { 200: 'User', 201: 'User' },
    refusals: {},
  },
  'PATCH /v1/users/{userId}': {
    id: 'changeUser',
    summary: 'Change parts of a user, or rename one',
    description:
      'A JSON Merge Patch (RFC 7396): what is absent stays, null removes. A userId renames; the old name is free at ' +
      'once, and codes, attempts and questions stay. Every address is notified of changed addresses, names and questions.',
    path: userPath,
    query: enrolQuery,
    body: patchBody,
    answers: { 200: 'User' },
    refusals: { ...refusals.unknownUser, conflict: 'Another person has one of the names.' },
  },
  'GET /v1/users/{userId}': {
    id: 'readUser',
    summary: 'Read a user; the help desk sees masked addresses',
    path: userPath,
    answers: { 200: 'User' },
    refusals: refusals.unknownUser,
  },
  'DELETE /v1/users/{userId}': {
    id: 'removeUser',
    summary: 'Remove a user and notify every address',
    path: userPath,
    answers: { 204: null },
    refusals: refusals.unknownUser,
  },
  'POST /v1/users/{userId}/unlock': {
    id: 'unlockUser',
    summary: 'Unlock a user who has to wait or is stopped',
    path: userPath,
    body: unlockBody,
    answers: { 204: null },
    refusals: refusals.unlock,
  },
  'POST /v1/users/{userId}/caller-verifications': {
    id: 'verifyCaller',
    summary: 'Send a code that the caller reads out, to an address that policy chooses',
    description:
      'During the resend cooldown the answer is the open verification. A later one closes it. The code counts against ' +
      'nobody’s sign-ins, and opens none.',
    path: userPath,
    body: callerBody,
    answers: { 201: 'CallerVerification' },
    refusals: refusals.startCaller,
  },
  'POST /v1/caller-verifications/{callerVerificationId}/verify': {
    id: 'verifyCallerCode',
    summary: 'Verify the code that the caller read out, for a proof',
    path: callerPath,
    body: callerCodeBody,
    answers: { 200: 'Proof' },
    refusals: refusals.verifyCaller,
  },
  'GET /v1/users/{userId}/deliveries': {
    id: 'readDeliveries',
    summary: 'Read what became of the last twenty messages of a user',
    description:
      'Codes and notices of thirty days, newest first. A message has a line for each method; no code is in any.',
    path: userPath,
    answers: { 200: 'Deliveries' },
    refusals: refusals.unknownUser,
  },
  'GET /v1/users/{userId}/explanation': {
    id: 'explainUser',
    summary: 'Explain what a user would be offered now, and what decides where it is not',
    description:
      'By the rules that offer it. What counters of addresses, clients and the deployment refuse stands in the ' +
      'deliveries.',
    path: userPath,
    answers: { 200: 'Explanation' },
    refusals: refusals.unknownUser,
  },
  'POST /v1/users/{userId}/approvals': {
    id: 'approve',
    summary: 'Approve of what another operator is about to do',
    path: userPath,
    body: approvalBody,
    answers: { 201: 'Proof' },
    refusals: refusals.approve,
  },
  'POST /v1/recoveries': {
    id: 'startRecovery',
    summary: 'Start a recovery for a person without the phone at hand',
    description:
      'Answer each step on its own route: the path here, answers at /v1/kba-challenges, a code at ' +
      '/v1/otp-challenges, a backup code at /v1/backup-codes/verify. A recovery ends fifteen minutes after its start.',
    body: startRecoveryBody,
    answers: { 201: 'Recovery' },
    refusals: refusals.startRecovery,
  },
  'POST /v1/recoveries/{recoveryId}/path': {
    id: 'chooseRecoveryPath',
    summary: 'Choose the path of a recovery, if its step asks for one',
    path: recoveryPath,
    body: choosePathBody,
    answers: { 200: 'Recovery' },
    refusals: refusals.choosePath,
  },
  'GET /v1/recoveries/{recoveryId}': {
    id: 'readRecovery',
    summary: 'Read the step that a recovery waits for, or how it ended',
    path: recoveryPath,
    answers: { 200: 'Recovery' },
    refusals: refusals.unknownRecovery,
  },
  'GET /v1/restrictions': {
    id: 'readRestrictions',
    summary: 'Read what is closed for everybody',
    answers: { 200: 'Restrictions' },
    refusals: {},
  },
  'PUT /v1/restrictions': {
    id: 'restrict',
    summary: 'Close recoveries or the help desk’s codes for everybody, or open them',
    description:
      'Acts with the next request. What is absent stays. While recoveries are closed, security questions are too, and those ' +
      'that run end as failed.',
    body: restrictionsBody,
    answers: { 200: 'Restrictions' },
    refusals: {},
  },
  'GET /v1/policy': {
    id: 'readPolicy',
    summary: 'Read what this deployment offers',
    answers: { 200: 'Policy' },
    refusals: {},
  },
  'GET /.well-known/jwks.json': {
    id: 'readAssertionKeys',
    summary: 'Read the public keys of the assertions',
    answers: { 200: 'Jwks' },
    refusals: {},
  },
  'GET /v1/health': {
    id: 'readHealth',
    summary: 'Check that the API answers',
    answers: { 200: 'Health' },
    refusals: {},
  },
} as const satisfies Record<RouteKey, Operation>;
