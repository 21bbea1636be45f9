/** What somebody asks for who has backup codes made, and what making them takes. */
import type { Act } from '../help-desk/authorize-act.ts';
import type { Operator } from '../help-desk/operator.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Person } from '../names/person.ts';
import type { CodeKind } from '../user-record/code-batch.ts';
import type { CodeAudit } from './code-audit.ts';
import type { BackupCodePorts } from './code-selector.ts';

export interface GeneratePorts extends BackupCodePorts {
  readonly limiter: RateLimiter;
  readonly audit: CodeAudit;
  /** Whether calls can be placed. */
  readonly voice: boolean;
}

export interface GenerateRequest {
  readonly person: Person;
  readonly kind: CodeKind;
  readonly count?: number | undefined;
  readonly expiresInSeconds?: number | undefined;
  readonly client: string;
  /** Who asks: a claim of the token, or as the help desk's own system knows them. */
  readonly operator: string;
  readonly isAdministrator?: boolean;
  /** As they were shown; see `authorizeAct`. */
  readonly proofs?: readonly string[] | undefined;
  /** Why, in the help desk's own words, and the ticket that it works on; kept encrypted. */
  readonly reason: string;
  readonly ticket?: string | undefined;
  readonly request: string;
}

/** With the operator as they are known here. */
export interface KnownRequest extends GenerateRequest {
  readonly by: Operator;
}

export function actOf({ by, proofs = [] }: KnownRequest): Act {
  return { kind: 'backup-codes', operator: by, proofs };
}
