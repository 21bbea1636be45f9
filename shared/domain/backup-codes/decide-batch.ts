/** Whether a person gets a new batch of codes, and what their record is then: pure, and decided anew in a race. */
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { decryptContact } from '../contact/contact.ts';
import { withoutHeld } from '../contact/hold.ts';
import { withNotices } from '../contact/notices.ts';
import { type ActRefusal, authorizeAct } from '../help-desk/authorize-act.ts';
import { requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import { nextSendAt } from '../limits/send-windows.ts';
import type { Policy } from '../policy/policy.ts';
import type { CodeBatch } from '../user-record/code-batch.ts';
import type { HelpDeskState } from '../user-record/help-desk-state.ts';
import type { Decision } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { actOf, type GeneratePorts, type KnownRequest } from './generate-request.ts';
import { codesAddress, noticeWithCodes } from './sent-codes.ts';

type BatchOutcome =
  | { readonly kind: 'written' | 'not-found' | 'conflict' | 'no-address' }
  | ActRefusal
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

const day = 86_400_000;

/** When policy lets the person have the next batch; in the past where it is now. Epoch milliseconds. */
export function nextBatchAt({ generated }: HelpDeskState, { helpDesk }: Policy): number {
  return nextSendAt(generated, [{ limit: helpDesk.codesPerUserPerDay, milliseconds: day }]);
}

interface NewBatch extends CodeBatch {
  /** The codes in clear. */
  readonly shown: readonly string[];
  /** The id of the notice that brings them, where one does. */
  readonly sendingId: string;
}

export function decideBatch(
  found: UserRecord,
  { shown, sendingId, ...batch }: NewBatch,
  request: KnownRequest,
  ports: GeneratePorts,
): Decision<BatchOutcome> {
  const { keyring, clock, policy } = ports;
  const { enrolment, codeBatches } = found;
  const { kind } = request;
  if (enrolment === undefined) return { outcome: { kind: 'not-found' } };
  // Codes are shown once: a repeated request learns that they were made, and not what they are.
  const now = clock.now();
  const recent = found.generations.filter(({ at }) => at > now - requestRememberedMilliseconds);
  if (recent.some((earlier) => earlier.request === request.request)) return { outcome: { kind: 'conflict' } };
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const allowed = authorizeAct(record, enrolment, actOf(request), now, ports);
  if (allowed.kind === 'proof-required')
    return { outcome: allowed, after: { ...record, helpDesk: allowed.bound } };
  if (allowed.kind !== 'allowed') return { outcome: allowed };
  const { generated } = allowed.state;
  const retryAt = nextBatchAt(allowed.state, policy);
  if (retryAt > now) return { outcome: { kind: 'rate-limited', retryAt } };
  const contact = decryptContact(enrolment.contact, found.locator, keyring);
  const to = policy.helpDesk.showCodes ? undefined : codesAddress(withoutHeld(contact, policy, now));
  if (to === undefined && !policy.helpDesk.showCodes) return { outcome: { kind: 'no-address' } };
  // Under the batch's id, so that the notice can go with the batch.
  const notices = withNotices(record, 'codes-generated', [enrolment.contact], now, () => batch.id);
  const generations = [...recent, { request: request.request, at: now }];
  return {
    outcome: { kind: 'written' },
    after: {
      ...record,
      codeBatches: { ...codeBatches, [kind]: batch },
      generations,
      notices:
        to === undefined
          ? notices
          : {
              ...notices,
              [sendingId]: noticeWithCodes(shown, contact, to, { locator: found.locator, at: now }, keyring),
            },
      helpDesk: {
        ...allowed.state,
        generated: [now, ...generated].slice(0, policy.helpDesk.codesPerUserPerDay),
      },
    },
  };
}
