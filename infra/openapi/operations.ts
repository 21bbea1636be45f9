/** What the document says of each route beyond its path and scopes. A route that has no entry does not compile. */
import type * as z from 'zod/mini';
import { generateBody, redeemBody } from '../../shared/http/backup-codes.ts';
import { askBody, checkBody } from '../../shared/http/kba-challenges.ts';
import { challengePath, resendBody, startBody, verifyBody } from '../../shared/http/otp-challenges.ts';
import { choosePathBody, recoveryPath, startRecoveryBody } from '../../shared/http/recoveries.ts';
import type { RouteKey } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { enrolBody, listQuery, unlockBody } from '../../shared/http/users.ts';
import * as refusals from './refusals.ts';
import type { ResponseName } from './responses.ts';

export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly path?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** Body of each success by status; null is none. */
  readonly answers: Readonly<Record<number, ResponseName | null>>;
  /** Problems of this route, apart from those that come with its token, its body and its dependencies. */
  readonly refusals: refusals.Refusals;
}

export const operations = {
  'POST /v1/otp-challenges': {
    id: 'startOtpChallenge',
    summary: 'Send a one-time code and open a challenge for it',
    description:
      'Starting again inside the gap answers with the challenge that is open and sends nothing. An unknown or ' +
      'disabled user gets an answer that cannot be told from a known one’s.',
    body: startBody,
    answers: { 201: 'Challenge' },
    refusals: refusals.start,
  },
  'POST /v1/otp-challenges/{challengeId}/resend': {
    id: 'resendOtpCode',
    summary: 'Send a new code for an open challenge, by another method if asked',
    description: 'The old code is dead at once; attempts and expiry stay.',
    path: challengePath,
    body: resendBody,
    answers: { 200: 'Challenge' },
    refusals: refusals.resend,
  },
  'GET /v1/otp-challenges/{challengeId}': {
    id: 'readOtpChallenge',
    summary: 'How a challenge stands and whether its message left',
    path: challengePath,
    answers: { 200: 'ChallengeStatus' },
    refusals: { 'challenge-closed': 'Unknown, long gone, or of another client.' },
  },
  'POST /v1/otp-challenges/{challengeId}/verify': {
    id: 'verifyOtpCode',
    summary: 'Spend an attempt on a typed code',
    description: 'Spaces, hyphens and dots are skipped; decimal digits of any script count as their value.',
    path: challengePath,
    body: verifyBody,
    answers: { 200: 'Verification' },
    refusals: refusals.verify,
  },
  'POST /v1/kba-challenges': {
    id: 'askSecurityQuestions',
    summary: 'Put security questions to a person',
    description: 'Open only where policy offers the path kba.',
    body: askBody,
    answers: { 201: 'Questions' },
    refusals: refusals.ask,
  },
  'POST /v1/kba-challenges/{challengeId}/check': {
    id: 'checkSecurityAnswers',
    summary: 'Spend a try on all answers together',
    path: challengePath,
    body: checkBody,
    answers: { 200: 'Verification' },
    refusals: refusals.check,
  },
  'POST /v1/backup-codes/verify': {
    id: 'useBackupCode',
    summary: 'Use a backup code up',
    body: redeemBody,
    answers: { 200: 'Verification' },
    refusals: refusals.redeem,
  },
  'POST /v1/users/{userId}/backup-codes': {
    id: 'generateBackupCodes',
    summary: 'Generate a batch of backup codes and show it once',
    description: 'The batch ends the older one of its kind. Every code works once, of either kind.',
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
    refusals: refusals.unknownUser,
  },
  'GET /v1/users': {
    id: 'listUsers',
    summary: 'List enrolled users by name',
    query: listQuery,
    answers: { 200: 'UserPage' },
    refusals: {},
  },
  'PUT /v1/users/{userId}': {
    id: 'enrolUser',
    summary: 'Enrol a user or replace their contact data',
    description:
      'Security questions stay when the field is absent. Changing an address closes the challenges that went to ' +
      'it and tells every address.',
    path: userPath,
    body: enrolBody,
    answers: { 200: 'User', 201: 'User' },
    refusals: {},
  },
  'GET /v1/users/{userId}': {
    id: 'readUser',
    summary: 'Read a user, masked for the help desk',
    path: userPath,
    answers: { 200: 'User' },
    refusals: refusals.unknownUser,
  },
  'DELETE /v1/users/{userId}': {
    id: 'removeUser',
    summary: 'Remove a user; every address is told',
    path: userPath,
    answers: { 204: null },
    refusals: refusals.unknownUser,
  },
  'POST /v1/users/{userId}/unlock': {
    id: 'unlockUser',
    summary: 'End waits and the stop of a user',
    path: userPath,
    body: unlockBody,
    answers: { 204: null },
    refusals: refusals.unknownUser,
  },
  'POST /v1/recoveries': {
    id: 'startRecovery',
    summary: 'Start a recovery for a person without the phone',
    description:
      'Each step is answered on its own route: the path here, answers at /v1/kba-challenges, a code at ' +
      '/v1/otp-challenges, a backup code at /v1/backup-codes/verify. It is over fifteen minutes after its start.',
    body: startRecoveryBody,
    answers: { 201: 'Recovery' },
    refusals: refusals.startRecovery,
  },
  'POST /v1/recoveries/{recoveryId}/path': {
    id: 'chooseRecoveryPath',
    summary: 'Answer the step that asks for a path',
    path: recoveryPath,
    body: choosePathBody,
    answers: { 200: 'Recovery' },
    refusals: refusals.choosePath,
  },
  'GET /v1/recoveries/{recoveryId}': {
    id: 'readRecovery',
    summary: 'The step that a recovery waits for, or how it ended',
    path: recoveryPath,
    answers: { 200: 'Recovery' },
    refusals: refusals.unknownRecovery,
  },
  'GET /v1/policy': {
    id: 'readPolicy',
    summary: 'What this deployment offers',
    answers: { 200: 'Policy' },
    refusals: {},
  },
  'GET /.well-known/jwks.json': {
    id: 'readAssertionKeys',
    summary: 'Public keys of the assertions',
    answers: { 200: 'Jwks' },
    refusals: {},
  },
  'GET /v1/health': {
    id: 'readHealth',
    summary: 'Whether the door is open',
    answers: { 200: 'Health' },
    refusals: {},
  },
} as const satisfies Record<RouteKey, Operation>;
