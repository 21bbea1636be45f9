/**
 * Words when each route refuses a request.
 *
 * The tables are typed by the outcomes of the domain: an outcome that is added there and not here does not compile.
 */
import type { GenerateOutcome } from '../../shared/domain/backup-codes/generate-codes.ts';
import type { RedeemOutcome } from '../../shared/domain/backup-codes/redeem-code.ts';
import type { UnlockOutcome } from '../../shared/domain/enrolment/unlock-user.ts';
import type { ApprovalOutcome } from '../../shared/domain/help-desk/give-approval.ts';
import type { CallerOutcome } from '../../shared/domain/help-desk/start-caller-verification.ts';
import type { VerifyCallerOutcome } from '../../shared/domain/help-desk/verify-caller.ts';
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
const closed =
  'The challenge is expired, used, replaced, unknown or another client’s; the answer is the same for all.';

const { lockout, kba } = defaultPolicy;
const hours = (seconds: number) => `${seconds / 3_600} h`;

/** The rules of `lockOf`, with the numbers of the default policy. */
export const locks =
  'Wrong attempts of a user are counted over all clients and methods, with security questions and backup codes. ' +
  `Attempt number ${lockout.attemptsBeforeWait} within ${hours(lockout.windowSeconds)} and every later one is followed ` +
  `by a wait: ${lockout.firstWaitSeconds} s at first, then twice the one before, up to ` +
  `${hours(lockout.longestWaitSeconds)}. ${lockout.attemptsBeforeStop} wrong attempts in a row, over all methods, stop ` +
  'the user until an unlock. A success ends the row of its own method. These numbers are the defaults of `lockout` in ' +
  'the policy.';
const locked = `The user has to wait as Retry-After says, or is stopped; then there is no Retry-After. ${locks}`;
const noneLeft = 'The challenge has no attempts left; there is no Retry-After.';

const stopped = 'The person said that something was not them; the help desk unlocks.';

export const start: Of<StartOutcome, 'challenge'> = {
  'attempts-exhausted': stopped,
  'fallback-disabled': fallbackDisabled,
  'method-unavailable': 'Policy or configuration does not offer this method.',
  conflict,
  'rate-limited':
    'The resend cooldown that another session began is not over, or too many messages went to this destination.',
};

export const resend: Of<ResendOutcome, 'challenge'> = {
  ...start,
  'rate-limited': 'The resend cooldown is not over, or too many messages went to this destination.',
  'challenge-closed': closed,
  'attempts-exhausted': `${noneLeft} Or: ${stopped}`,
};

export const verify: Of<VerifyOutcome, 'verified' | 'wrong-length'> = {
  'code-rejected': 'The code is wrong; the attempt is recorded.',
  'attempts-exhausted': `${noneLeft} Or: ${locked}`,
  'challenge-closed': closed,
  conflict,
  'fallback-disabled': fallbackDisabled,
};

export const ask: Of<AskOutcome, 'questions'> = {
  'fallback-disabled': 'Policy does not offer the path kba.',
  'attempts-exhausted': stopped,
  conflict,
};

export const check: Of<CheckOutcome, 'verified' | 'rejected'> & Refusals = {
  ...verify,
  'code-rejected': 'Not all answers are right. The answer does not say which; the attempt is recorded.',
  'attempts-exhausted':
    `${noneLeft} Or: the user gave wrong answers ${kba.tries} times within ${hours(kba.windowSeconds)} (the defaults of ` +
    `\`kba\` in the policy) and has to wait as Retry-After says. Or: ${locked}`,
};

export const redeem: Of<RedeemOutcome, 'verified'> & Refusals = {
  'code-rejected': 'The code is wrong, used, expired or revoked; the attempt is recorded.',
  'attempts-exhausted': locked,
  conflict,
  'fallback-disabled': 'Policy allows no backup codes (securityCodes), or its mode is DirectFidoAuth.',
  'challenge-closed': 'The recovery is not waiting for a backup code.',
};

export const startRecovery: Of<StartRecoveryOutcome, 'recovery'> = {
  'fallback-disabled': 'Policy allows no recovery (forgotPhone), or not by this path.',
  'attempts-exhausted': stopped,
  conflict,
  'rate-limited': 'This client started ten recoveries of this user within an hour.',
};

const recoveryClosed = 'The recovery is unknown, over, another client’s, or not waiting for this.';

export const choosePath: Of<ChooseOutcome, 'chosen'> & Refusals = {
  conflict,
  'challenge-closed': recoveryClosed,
  'fallback-disabled': 'The recovery does not offer this path.',
};

export const unknownRecovery: Refusals = {
  'challenge-closed': 'The recovery is unknown, or another client’s.',
};

const noProof =
  'Policy (helpDesk) asks for proofs that were not given, or not for this act, client and operator; `missing` names them. ' +
  'The proofs that were given stay good.';
const ownApproval = 'The operator approved of this act themselves.';
const outOfReach =
  'The person is protected, and policy asks for no second operator: only an administrator acts.';
const tooManyActs = 'This operator or client has acted too often in an hour (helpDesk)';

const generated: Of<GenerateOutcome, 'generated' | 'above-policy'> = {
  'not-found': 'Nobody is enrolled under this name.',
  conflict: 'The Idempotency-Key was used before. Codes are shown only once, so not again.',
  'not-offered': 'Policy allows no codes of this kind (securityCodes).',
  'fallback-disabled': fallbackDisabled,
  'no-address': 'Policy sends codes to the person by email (helpDesk.showCodes), who has none.',
  'own-account': 'The operator and the user are the same person.',
  'rate-limited': `${tooManyActs}, or the person had too many codes made in a day.`,
  'proof-required': noProof,
  'own-approval': ownApproval,
  protected: outOfReach,
};

export const generate: Refusals = {
  'not-found': generated['not-found'],
  conflict: generated.conflict,
  'method-unavailable': `${generated['not-offered']} ${generated['no-address']}`,
  forbidden: `${generated['own-account']} ${generated['own-approval']} ${generated.protected}`,
  'proof-required': generated['proof-required'],
  'fallback-disabled': generated['fallback-disabled'],
  'rate-limited': generated['rate-limited'],
};

export const revoke: Refusals = {
  'not-found': generated['not-found'],
  forbidden: generated.protected,
};

const unlocked: Of<UnlockOutcome, 'unlocked'> = {
  'not-found': generated['not-found'],
  'own-account': generated['own-account'],
  'rate-limited': `${tooManyActs}.`,
  'proof-required': noProof,
  'own-approval': ownApproval,
  protected: outOfReach,
};

export const unlock: Refusals = {
  'not-found': unlocked['not-found'],
  forbidden: `${unlocked['own-account']} ${unlocked['own-approval']} ${unlocked.protected}`,
  'proof-required': unlocked['proof-required'],
  'rate-limited': unlocked['rate-limited'],
};

const callerAsked: Of<CallerOutcome, 'started'> = {
  'not-found': generated['not-found'],
  'method-unavailable':
    'The person is disabled, or has no address that policy names (helpDesk.callerAddresses).',
  'own-account': generated['own-account'],
  'rate-limited': `${tooManyActs}, or the person was asked ten times in a day.`,
};

export const startCaller: Refusals = {
  'not-found': callerAsked['not-found'],
  'method-unavailable': callerAsked['method-unavailable'],
  forbidden: callerAsked['own-account'],
  'rate-limited': callerAsked['rate-limited'],
};

export const verifyCaller: Of<VerifyCallerOutcome, 'verified' | 'wrong-length'> = {
  'code-rejected': 'The code is wrong. Three are judged; none counts against the person.',
  'attempts-exhausted': noneLeft,
  'challenge-closed': closed,
  conflict,
};

const approved: Of<ApprovalOutcome, 'approved'> = {
  'not-found': generated['not-found'],
  'own-account': generated['own-account'],
  'no-approvals': 'The deployment has no tokens.operatorClaim, so that one client could write two names.',
  'rate-limited': `${tooManyActs}.`,
};

export const approve: Refusals = {
  'not-found': approved['not-found'],
  forbidden: `${approved['own-account']} ${approved['no-approvals']}`,
  'rate-limited': approved['rate-limited'],
};

export const unknownUser: Refusals = { 'not-found': generated['not-found'] };
