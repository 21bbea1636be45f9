/** The act that begins a recovery by a path; a backup code needs none, and is asked for at once. */
import { type RecoveryPath, recoveryPathNames } from '../../shared/domain/policy/recovery-paths.ts';
import { readRecovery } from '../../shared/domain/recovery/recovery.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import type { SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import { pathsFor } from '../../shared/domain/sign-in-session/offers.ts';
import { fieldOf } from '../../shared/http/web-request.ts';
import { log } from '../../shared/log/log.ts';
import type { Form } from './form.ts';
import { lockedBy } from './locked-by.ts';
import { personOf } from './person.ts';

export async function beginRecovery(form: Form): Promise<SessionChange> {
  const { session, fields, ports } = form;
  const path = recoveryPathNames.find((each) => each === fieldOf(fields, 'path'));
  if (path === undefined || !pathsFor(session.return, ports.policy).includes(path))
    return { problem: { kind: 'not-chosen' } };
  return path === 'backup-code' ? { state: { at: 'backup-code' } } : start(form, path);
}

async function start(form: Form, path: RecoveryPath): Promise<SessionChange> {
  const { session, client, ports, idempotency } = form;
  const person = await personOf(session, ports);
  const locale = session.language;
  const outcome = await startRecovery({ person, client, path, locale, idempotency }, ports);
  const user = person.key;
  switch (outcome.kind) {
    case 'recovery': {
      const { id } = outcome.recovery;
      log('recovery-started', { user, client, recovery: id, path });
      await firstStep(form, id);
      return { state: { at: 'recovery', recoveryId: id, path } };
    }
    case 'rate-limited':
      log('recovery-refused', { user, client, reason: outcome.kind });
      return { problem: { kind: 'too-many', until: outcome.retryAt } };
    case 'attempts-exhausted':
      log('recovery-refused', { user, client, reason: outcome.kind });
      return lockedBy(outcome, 'questions');
    case 'fallback-disabled':
    case 'conflict':
      log('recovery-refused', { user, client, reason: outcome.kind });
      return { problem: { kind: 'unavailable' } };
  }
}

/** Waits a moment for the workflow, so that most people never see the page that waits. */
async function firstStep({ client, ports }: Form, recoveryId: string): Promise<void> {
  await ports.pollUntil(async () => {
    const recovery = await readRecovery(recoveryId, client, ports);
    return recovery?.step === undefined && recovery?.status === 'pending' ? undefined : true;
  });
}
