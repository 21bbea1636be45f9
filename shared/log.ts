/**
 * The log: a closed catalogue of events and the fields each may carry, one JSON line an event.
 *
 * A field holds an identifier, a word of a closed set, a number or a date. There is no field for text of a
 * person's, an address or an error message, so that nothing secret can be logged without changing this file.
 */
import { versionInForce } from './configuration.ts';

interface Events {
  'request-failed': { readonly route: string; readonly fault: string };
  'challenge-started': Who & { readonly challenge: string; readonly method: string };
  'challenge-resent': { readonly client: string; readonly challenge: string; readonly method: string };
  'start-refused': Who & { readonly reason: string };
  'resend-refused': { readonly client: string; readonly challenge: string; readonly reason: string };
  'code-verified': Who & { readonly challenge: string; readonly method: string; readonly purpose: string };
  'code-refused': { readonly client: string; readonly challenge: string; readonly reason: string };
  'delivery-ended': { readonly challenge: string; readonly outcome: string; readonly reason?: string };
  'delivery-failed': { readonly kind: 'otp' | 'notice' | 'outcome' | 'unreadable'; readonly fault: string };
  'quota-used-up': { readonly challenge: string; readonly quota: string };
  'breaker-tripped': {
    readonly country: string;
    readonly stage: string;
    readonly known: number;
    readonly verified: number;
  };
  'notice-ended': { readonly user: string; readonly outcome: string; readonly reason?: string };
  'code-spoken': { readonly challenge: string; readonly outcome: string };
  'questions-asked': Who & { readonly challenge: string };
  'questions-refused': Who & { readonly reason: string };
  'answers-verified': Who & { readonly challenge: string; readonly purpose: string };
  'answers-refused': { readonly client: string; readonly challenge: string; readonly reason: string };
  'backup-codes-generated': Who & {
    readonly kind: string;
    readonly count: number;
    /** Names what is kept of it beside the codes, reason and ticket included. */
    readonly batch: string;
    /** The operator's locator. */
    readonly operator?: string;
    /** Digest of the ticket: the ticket system's own search finds it, and a log reader learns no more. */
    readonly ticket?: string;
  };
  'backup-codes-refused': Who & { readonly kind: string; readonly reason: string };
  'backup-codes-revoked': Who;
  'backup-code-used': Who & { readonly kind: string; readonly remaining: number; readonly purpose: string };
  'backup-code-refused': Who & { readonly reason: string };
  'recovery-started': Who & { readonly recovery: string; readonly path: string };
  'recovery-refused': Who & { readonly reason: string };
  'recovery-path-chosen': { readonly client: string; readonly recovery: string; readonly path: string };
  'recovery-step-opened': Who & { readonly recovery: string; readonly step: string };
  'recovery-ended': Who & {
    readonly recovery: string;
    readonly status: string;
    readonly path: string;
    readonly reason?: string;
  };
  'user-enrolled': Who & { readonly created: boolean; readonly methods: readonly string[] };
  'user-removed': Who;
  'user-unlocked': Who;
}

/** `user` is the locator, never the name: names may be addresses. */
interface Who {
  readonly user: string;
  readonly client: string;
}

export type LogEvent = keyof Events;

const levels: Partial<Record<LogEvent, 'ERROR' | 'WARN'>> = {
  'request-failed': 'ERROR',
  'delivery-failed': 'ERROR',
  'quota-used-up': 'WARN',
  'breaker-tripped': 'WARN',
};

/** Every line says by which policy it came about. Lambda's own fields (request id, time of receipt) are added by its JSON log format. */
export function log<E extends LogEvent>(event: E, fields: Events[E]): void {
  const level = levels[event] ?? 'INFO';
  const line = { timestamp: new Date().toISOString(), level, policy: versionInForce(), event, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
