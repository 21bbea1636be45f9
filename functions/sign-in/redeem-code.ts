/** The act that types a backup code, which signs in by itself. */
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { verifyBackupCode } from '../../shared/domain/backup-codes/verify-backup-code.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { fieldOf } from '../../shared/http/web-request.ts';
import { log } from '../../shared/log/log.ts';
import type { Form } from './form.ts';
import { lockedBy } from './locked-by.ts';
import { verified } from './verified.ts';

const mostCharacters = 64;

export async function redeemTyped({
  session,
  fields,
  client,
  ports,
  idempotency,
}: Form): Promise<SessionChange> {
  if (session.state.at !== 'backup-code') return {};
  const typed = fieldOf(fields, 'code') ?? '';
  if (typed.trim() === '') return { problem: { kind: 'missing' } };
  const code = typed.length > mostCharacters ? undefined : readBackupCode(typed);
  if (code === undefined) return { problem: { kind: 'malformed' } };
  const { outcome, user } = await verifyBackupCode(
    { code, client, userId: session.person, idempotency },
    ports,
  );
  if (outcome.kind !== 'verified' && user !== undefined)
    log('backup-code-refused', { user, client, reason: outcome.kind });
  switch (outcome.kind) {
    case 'verified': {
      const { user: person, at, codeKind: kind, remaining } = outcome;
      log('backup-code-used', { user: person, client, kind, remaining, purpose: 'sign-in' });
      return verified(session, { proof: 'backup-code', user: person, at });
    }
    case 'code-rejected':
      return { problem: { kind: 'rejected' } };
    case 'attempts-exhausted':
      return lockedBy(outcome, 'backup-code');
    case 'challenge-closed':
    case 'conflict':
      return { problem: { kind: 'rejected' } };
    case 'fallback-disabled':
      return { state: { at: 'choosing' }, problem: { kind: 'unavailable' } };
  }
}
