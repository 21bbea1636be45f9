/**
 * When a route refuses, in words. The tables are as long as the outcomes of the domain: an outcome that is added
 * there and not here does not compile.
 */

import type { GenerateOutcome } from '../../shared/domain/backup-codes/generate-codes.ts';
import type { RedeemOutcome } from '../../shared/domain/backup-codes/redeem-code.ts';
import type { AskOutcome } from '../../shared/domain/kba/ask-questions.ts';
import type { CheckOutcome } from '../../shared/domain/kba/check-answers.ts';
import type { StartOutcome } from '../../shared/domain/otp/issue.ts';
import type { ResendOutcome } from '../../shared/domain/otp/resend-code.ts';
import type { VerifyOutcome } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import type { ChooseOutcome } from '../../shared/domain/recovery/choose-path.ts';
import type { StartRecoveryOutcome } from '../../shared/domain/recovery/start-recovery.ts';
import type { ProblemCode } from '../../shared/http/problem.ts';

export type Refusals = Readonly<Partial<Record<ProblemCode, string>>>;

type Of<Outcome extends { readonly kind: string }, Success extends string> = Readonly<
  Record<Exclude<Outcome['kind'], Success>, string>
>;

const fallbackDisabled = 'The policy mode is DirectFidoAuth.';
const conflict = 'The Idempotency-Key was used with another body.';
const closed = 'Expired, used, superseded, unknown or of another client: nothing is told apart.';

const { lockout, kba } = defaultPolicy;
const hours = (seconds: number) => `${seconds / 3_600} h`;

/** The rules of `lockOf`, with the numbers that hold where a policy sets no others. */
export const locks =
  'Wrong attempts of a user count over all clients, methods, security questions and backup codes. From ' +
  `${lockout.attemptsBeforeWait} within ${hours(lockout.windowSeconds)} on, each opens a wait: ` +
  `${lockout.firstWaitSeconds} s at first, then twice the one before, up to ${hours(lockout.longestWaitSeconds)}. ` +
  `${lockout.attemptsBeforeStop} in a row, summed over methods, are a stop: it lasts until an unlock. A success ends ` +
  'the row of its own method. These are the defaults of `lockout` in the policy.';
const locked = `The user has to wait as Retry-After says, or is stopped, and there is no Retry-After. ${locks}`;
const noneLeft = 'The challenge has no attempt left, and there is no Retry-After.';
const repliesFull = 'More Idempotency-Keys are alive for this user than are kept.';

export const start: Of<StartOutcome, 'challenge'> = {
  'fallback-disabled': fallbackDisabled,
  'method-unavailable': 'Policy or configuration offers that method to nobody.',
  conflict,
  'rate-limited': 'Too many messages to this destination.',
};

export const resend: Of<ResendOutcome, 'challenge'> = {
  ...start,
  'rate-limited': 'The gap since the last message is not over, or too many went to this destination.',
  'challenge-closed': closed,
  'attempts-exhausted': noneLeft,
};

export const verify: Of<VerifyOutcome, 'verified' | 'wrong-length'> = {
  'code-rejected': 'Wrong code; the attempt is spent.',
  'attempts-exhausted': `${noneLeft} Or: ${locked}`,
  'challenge-closed': closed,
  conflict,
  'fallback-disabled': fallbackDisabled,
};

export const ask: Of<AskOutcome, 'questions'> = {
  'fallback-disabled': 'Policy does not offer the path kba.',
  conflict,
  'rate-limited': repliesFull,
};

export const check: Of<CheckOutcome, 'verified' | 'rejected'> & Refusals = {
  ...verify,
  'code-rejected': 'Not all answers are right; which, is not told. The try is spent.',
  'attempts-exhausted':
    `${noneLeft} Or: The user gave wrong answers ${kba.tries} times within ${hours(kba.windowSeconds)} (defaults of ` +
    `\`kba\` in the policy), and Retry-After says how long that lasts. Or: ${locked}`,
};

export const useCode: Of<RedeemOutcome, 'verified'> & Refusals = {
  'code-rejected': 'Wrong, used, expired or revoked code; the attempt is spent.',
  'attempts-exhausted': locked,
  conflict,
  'fallback-disabled': 'Policy allows no backup codes (securityCodes), or its mode is DirectFidoAuth.',
  'challenge-closed': 'The recovery does not wait for a backup code.',
};

export const startRecovery: Of<StartRecoveryOutcome, 'recovery'> = {
  'fallback-disabled': 'Policy opens no recovery (forgotPhone), or not by this path.',
  conflict,
  'rate-limited': 'Ten recoveries of this name were started by this client within the hour.',
};

const recoveryClosed = 'Unknown, over, of another client, or it does not wait for this.';

export const choosePath: Of<ChooseOutcome, 'chosen'> & Refusals = {
  conflict,
  'challenge-closed': recoveryClosed,
  'fallback-disabled': 'The path is not among those that were offered.',
};

export const unknownRecovery: Refusals = { 'challenge-closed': 'Unknown, or of another client.' };

const generated: Of<GenerateOutcome, 'generated'> = {
  'not-found': 'Nobody is enrolled under this name.',
  conflict: 'The Idempotency-Key was used: codes are shown once.',
  'not-offered': 'Policy allows no codes of this kind (securityCodes).',
  'fallback-disabled': fallbackDisabled,
  'own-account': 'An operator asks for codes of their own account.',
  'rate-limited': 'Too many batches by this operator or client.',
};

export const generate: Refusals = {
  'not-found': generated['not-found'],
  conflict: generated.conflict,
  'method-unavailable': generated['not-offered'],
  forbidden: generated['own-account'],
  'fallback-disabled': generated['fallback-disabled'],
  'rate-limited': generated['rate-limited'],
};

export const unknownUser: Refusals = { 'not-found': generated['not-found'] };
