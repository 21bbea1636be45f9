/**
 * The log: a closed catalogue of events with the fields of each, one JSON line per event.
 *
 * A field holds an identifier, a number, a date or a word of a closed set, mostly an outcome of the domain. No field
 * takes a person's text, an address or an error message. So nobody can log a secret without changing this file or
 * passing it off as an identifier.
 */
import type { GenerateOutcome } from '../domain/backup-codes/generate-codes.ts';
import type { RedeemOutcome } from '../domain/backup-codes/redeem-code.ts';
import type { Delivered, DeliveryReason } from '../domain/delivery/delivered.ts';
import type { Heeded } from '../domain/delivery/heed-status.ts';
import type { Spoken } from '../domain/delivery/spoken-code.ts';
import type { UnlockOutcome } from '../domain/enrolment/unlock-user.ts';
import type { StateKind } from '../domain/faults.ts';
import type { ApprovalOutcome } from '../domain/help-desk/give-approval.ts';
import type { CallerOutcome } from '../domain/help-desk/start-caller-verification.ts';
import type { VerifyCallerOutcome } from '../domain/help-desk/verify-caller.ts';
import type { Purpose } from '../domain/identifiers/challenge-id.ts';
import type { AskOutcome } from '../domain/kba/ask-questions.ts';
import type { CheckOutcome } from '../domain/kba/check-answers.ts';
import type { QuotaRefusal } from '../domain/limits/admit-message.ts';
import type { BreakerStage } from '../domain/limits/circuit-breaker.ts';
import type { StartOutcome } from '../domain/otp/issue.ts';
import type { ResendOutcome } from '../domain/otp/resend-code.ts';
import type { VerifyOutcome } from '../domain/otp/verify-code.ts';
import type { Method } from '../domain/policy/policy.ts';
import type { RecoveryPath } from '../domain/policy/recovery-paths.ts';
import type { SmsFate } from '../domain/queues/messages.ts';
import type { RecoveryFailure, RecoveryStatus, RecoveryStep } from '../domain/recovery/recovery.ts';
import type { StartRecoveryOutcome } from '../domain/recovery/start-recovery.ts';
import type { RestrictionState } from '../domain/restrictions/restrictions.ts';
import type { PushedRefusal } from '../domain/sign-in-session/authorization.ts';
import type { HintRefusal } from '../domain/sign-in-session/entra-hint.ts';
import type { SessionEnd } from '../domain/sign-in-session/session.ts';
import type { CodeKind } from '../domain/user-record/code-batch.ts';
import type { HelpDeskAct } from '../domain/user-record/help-desk-state.ts';
import { versionInForce } from '../environment/configuration.ts';
import type { Fault } from './fault.ts';
import { embeddedMetrics } from './metrics.ts';
import { requestIds } from './request-ids.ts';

/** The kinds of an outcome without its success. */
type Refusal<Outcome extends { readonly kind: string }, Success extends Outcome['kind']> = Exclude<
  Outcome['kind'],
  Success
>;

interface Events {
  'request-failed': { readonly route: string; readonly fault: Fault };
  /** `route`: or the task of the workflow. */
  'forged-state': { readonly route: string; readonly state: StateKind };
  'challenge-started': Who & { readonly challenge: string; readonly method: Method };
  'challenge-resent': { readonly client: string; readonly challenge: string; readonly method: Method };
  'start-refused': Who & { readonly reason: Refusal<StartOutcome, 'challenge'> };
  'resend-refused': {
    readonly client: string;
    readonly challenge: string;
    readonly reason: Refusal<ResendOutcome, 'challenge'>;
  };
  'code-verified': Who & {
    readonly challenge: string;
    readonly method: Method;
    readonly country?: string | undefined;
    readonly purpose: Purpose;
  };
  'code-refused': {
    readonly client: string;
    readonly challenge: string;
    readonly reason: Refusal<VerifyOutcome, 'verified' | 'wrong-length'>;
  };
  'delivery-ended': {
    readonly challenge: string;
    readonly outcome: Delivered['kind'];
    readonly reason?: DeliveryReason;
    readonly method?: Method;
    /** Of the number. */
    readonly country?: string;
    /** From the request to the carrier's yes. */
    readonly milliseconds?: number;
  };
  /** SNS says later what became of an SMS that it took. */
  'sms-status': {
    readonly challenge: string;
    readonly country: string;
    readonly fate: SmsFate;
    readonly next: Heeded['next'];
  };
  'delivery-failed': {
    readonly kind: 'otp' | 'notice' | 'outcome' | 'status' | 'unreadable';
    readonly fault: Fault;
  };
  'quota-used-up': { readonly challenge: string; readonly quota: QuotaRefusal };
  'breaker-tripped': {
    readonly country: string;
    readonly breaker: string;
    readonly stage: Exclude<BreakerStage, 'free'>;
    readonly known: number;
    readonly verified: number;
  };
  'notice-ended': {
    readonly user: string;
    readonly outcome: Delivered['kind'];
    readonly reason?: DeliveryReason;
  };
  'notice-held': { readonly user: string; readonly reason: DeliveryReason };
  'code-spoken': { readonly challenge: string; readonly outcome: Spoken['kind'] };
  'questions-asked': Who & { readonly challenge: string };
  'questions-refused': Who & { readonly reason: Refusal<AskOutcome, 'questions'> };
  'answers-verified': Who & { readonly challenge: string; readonly purpose: Purpose };
  'answers-refused': {
    readonly client: string;
    readonly challenge: string;
    readonly reason: Refusal<CheckOutcome, 'verified'>;
  };
  'backup-codes-generated': AtHelpDesk & {
    readonly kind: CodeKind;
    readonly count: number;
    /** Names the generation that is kept beside the codes, with its reason and ticket. */
    readonly batch: string;
  };
  'backup-codes-refused': Who & {
    readonly operator?: string;
    readonly ticket?: string;
    /** Left out, as the operator is, where codes were to be revoked. */
    readonly kind?: CodeKind;
    readonly reason: Refusal<GenerateOutcome, 'generated'>;
  };
  'backup-codes-revoked': Who;
  'backup-code-used': Who & {
    readonly kind: CodeKind;
    readonly remaining: number;
    readonly purpose: Purpose;
  };
  'backup-code-refused': Who & { readonly reason: Refusal<RedeemOutcome, 'verified'> };
  'recovery-started': Who & { readonly recovery: string; readonly path: RecoveryPath | 'to be chosen' };
  'recovery-refused': Who & { readonly reason: Refusal<StartRecoveryOutcome, 'recovery'> };
  'recovery-path-chosen': {
    readonly client: string;
    readonly recovery: string;
    readonly path: RecoveryPath;
  };
  'recovery-step-opened': Who & { readonly recovery: string; readonly step: RecoveryStep['type'] };
  'recovery-ended': Who & {
    readonly recovery: string;
    readonly status: RecoveryStatus;
    readonly path: RecoveryPath | 'none';
    readonly reason?: RecoveryFailure;
  };
  'sign-in-opened': Who & { readonly session: string };
  'sign-in-verified': Who & { readonly session: string; readonly acr: string };
  'sign-in-ended': { readonly client: string; readonly session: string; readonly end: SessionEnd };
  'pushed-request-refused': { readonly reason: PushedRefusal };
  'hint-refused': { readonly reason: HintRefusal };
  'unknown-person-vouched': { readonly client: string };
  /** A request with a key that no group of PCs has. The key itself is nobody's to read. */
  'deployment-key-refused': { readonly route: string };
  'user-enrolled': Who & { readonly created: boolean; readonly methods: readonly Method[] };
  'user-removed': Who;
  /** By a connection of the directory. */
  'directory-address-changed': Who;
  /** A request without the token of any connection. */
  'directory-refused': { readonly route: string };
  /** An address of a protected person changed, or the protection ended. */
  'protected-person-changed': Who;
  /** By the link in a notice; `recoveries`: how many steps of them were open. */
  'fallback-stopped': { readonly user: string; readonly recoveries: number };
  'restriction-changed': {
    readonly client: string;
    readonly operator: string;
    readonly recoveries?: RestrictionState;
    readonly helpDeskCodes?: RestrictionState;
  };
  'user-unlocked': AtHelpDesk & { readonly messages: boolean };
  'unlock-refused': AtHelpDesk & { readonly reason: Refusal<UnlockOutcome, 'unlocked'> };
  'caller-verification-started': AtHelpDesk & { readonly challenge: string };
  'caller-verification-refused': AtHelpDesk & { readonly reason: Refusal<CallerOutcome, 'started'> };
  /** The same operator as in the line of the start; absent where an earlier version wrote that. */
  'caller-verified': Who & { readonly operator?: string | undefined; readonly challenge: string };
  'caller-code-refused': {
    readonly client: string;
    readonly challenge: string;
    readonly reason: Refusal<VerifyCallerOutcome, 'verified' | 'wrong-length'>;
  };
  'approval-given': AtHelpDesk & { readonly act: HelpDeskAct };
  'approval-refused': AtHelpDesk & {
    readonly act: HelpDeskAct;
    readonly reason: Refusal<ApprovalOutcome, 'approved'>;
  };
}

/** `user` is the person's key, never the name: a name may be an email address. */
interface Who {
  readonly user: string;
  readonly client: string;
}

/** An act of the help desk. */
export interface AtHelpDesk extends Who {
  /** A keyed digest of the operator's name, see `operatorReference`. */
  readonly operator: string;
  /** Digest of the ticket, see `ticketForLog`. */
  readonly ticket?: string;
}

export type LogEvent = keyof Events;

const levels: Partial<Record<LogEvent, 'ERROR' | 'WARN'>> = {
  'request-failed': 'ERROR',
  'forged-state': 'ERROR',
  'delivery-failed': 'ERROR',
  'quota-used-up': 'WARN',
  'protected-person-changed': 'WARN',
  'restriction-changed': 'WARN',
  'fallback-stopped': 'WARN',
  'deployment-key-refused': 'WARN',
  'notice-held': 'WARN',
  'breaker-tripped': 'WARN',
  'directory-refused': 'WARN',
};

/**
 * Writes one line. Every line names the version of the policy in force. Lambda's JSON log format adds its own fields,
 * such as the request id.
 */
export function log<E extends LogEvent>(event: E, fields: Events[E]): void {
  const level = levels[event] ?? 'INFO';
  const policy = versionInForce();
  const now = new Date();
  const head = { timestamp: now.toISOString(), level, policy, ...requestIds(), event };
  const line = { ...head, ...fields, ...embeddedMetrics(event, fields, now) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
