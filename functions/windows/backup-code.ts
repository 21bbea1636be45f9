/** The step that waits for a backup code. */
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { verifyBackupCode } from '../../shared/domain/backup-codes/verify-backup-code.ts';
import { moveDialogue } from '../../shared/domain/dialogue/dialogue.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import type { Ports } from './ports.ts';
import { disabled, exhausted, over } from './refusals.ts';
import { beside, type Reply, rejected, type StepReply, type Visit } from './visit.ts';

export async function askBackupCode(visit: Visit, ports: Ports): Promise<StepReply> {
  const moved = await moveDialogue(visit.dialogue, { kind: 'backup-code' }, ports);
  return moved === undefined ? 'raced' : showBackupCode(visit, ports);
}

export function showBackupCode(visit: Visit, ports: Ports): Reply {
  const choices = beside(visit, ports, false);
  const message = logonText(visit.locale, 'windows.backup-code', { choices });
  return { kind: 'challenge', prompt: { type: 'backup', message } };
}

/** A text that can be no backup code is no attempt. */
export async function typeBackupCode(visit: Visit, typed: string, ports: Ports): Promise<Reply> {
  const { name: userId, client, locale } = visit;
  const code = readBackupCode(typed);
  if (code === undefined) return rejected(logonText(locale, 'windows.backup-length'));
  const { outcome, user } = await verifyBackupCode({ userId, client, code }, ports);
  if (outcome.kind !== 'verified' && user !== undefined)
    log('backup-code-refused', { user, client, reason: outcome.kind });
  switch (outcome.kind) {
    case 'verified': {
      const { codeKind: kind, remaining } = outcome;
      log('backup-code-used', { user: outcome.user, client, kind, remaining, purpose: 'sign-in' });
      return { kind: 'accept' };
    }
    case 'code-rejected':
      return rejected(logonText(locale, 'windows.wrong-code', { count: outcome.attemptsRemaining }));
    case 'attempts-exhausted':
      return exhausted(visit, outcome, ports);
    case 'challenge-closed':
    case 'conflict':
      return over(visit, ports);
    case 'fallback-disabled':
      return disabled(visit);
  }
}
