/** Whether an act of the help desk has the proofs that policy asks for. The write of the act uses them up. */
import { type Contact, decryptContact } from '../contact/contact.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Policy } from '../policy/policy.ts';
import type { HelpDeskAct, HelpDeskState, Proof } from '../user-record/help-desk-state.ts';
import type { Enrolment, UserRecord } from '../user-record/user-record.ts';
import { callerDestination } from './caller-address.ts';
import type { Operator } from './operator.ts';
import { findProof } from './proof.ts';

export interface Act {
  readonly kind: HelpDeskAct;
  readonly operator: Pick<Operator, 'key' | 'client' | 'isAdministrator'>;
  /** As they were shown. */
  readonly proofs: readonly string[];
}

export type MissingProof = 'caller' | 'approval';

export type ActRefusal =
  /** `bound`: the state with the operator's name on the caller's proof, so that nobody else uses it. */
  | {
      readonly kind: 'proof-required';
      readonly missing: readonly MissingProof[];
      /** How many operators have to approve. */
      readonly approvals: number;
      readonly bound: HelpDeskState;
    }
  /** The operator approved their own act, or the person is protected from the help desk. */
  | { readonly kind: 'own-approval' | 'protected' };

export type ActDecision =
  | {
      readonly kind: 'allowed';
      /** With the proofs used up, by the write of the act. */
      readonly state: HelpDeskState;
    }
  | ActRefusal;

interface ActPorts {
  readonly policy: Policy;
  readonly keyring: Keyring;
  readonly voice: boolean;
}

/** Pure: the same decision for whoever reads the same record. */
export function authorizeAct(
  record: UserRecord,
  enrolment: Enrolment,
  act: Act,
  now: number,
  ports: ActPorts,
): ActDecision {
  const { policy, keyring } = ports;
  const { operator } = act;
  const contact = decryptContact(enrolment.contact, record.locator, keyring);
  if (isOutOfReach(contact, operator, policy)) return { kind: 'protected' };
  const needed = neededFor(contact, now, ports);
  const me = operator.key;
  const place = { locator: record.locator, client: operator.client, now };
  const shown = Array.from(new Set(act.proofs)).flatMap(
    (text) => findProof(text, record.helpDesk, place, keyring) ?? [],
  );
  if (shown.some(({ giver }) => giver === me)) return { kind: 'own-approval' };
  const good = shown.filter((proof) => isFor(proof, act.kind, me));
  const caller = good.filter(({ kind }) => kind === 'caller').slice(0, needed.caller);
  const approvals = byDifferentGivers(good).slice(0, needed.approvals);
  const missing: MissingProof[] = [
    ...(caller.length < needed.caller ? (['caller'] as const) : []),
    ...(approvals.length < needed.approvals ? (['approval'] as const) : []),
  ];
  if (missing.length > 0) {
    const bound = bindProofs(record.helpDesk, good, act.kind, me);
    return { kind: 'proof-required', missing, approvals: needed.approvals, bound };
  }
  const used = [...caller, ...approvals];
  const proofs = record.helpDesk.proofs.map(
    (proof): Proof => (used.includes(proof) ? { ...proof, used: true } : proof),
  );
  return { kind: 'allowed', state: { ...record.helpDesk, proofs } };
}

/** Whom a single operator could talk themselves to is left to an administrator. */
export function isOutOfReach(
  contact: Contact,
  { isAdministrator }: Pick<Operator, 'isAdministrator'>,
  { helpDesk }: Policy,
): boolean {
  return contact.protected === true && helpDesk.secondOperator === 'off' && !isAdministrator;
}

/** Where a caller cannot be asked, two further operators stand for the caller and for the approval. */
function neededFor(contact: Contact, now: number, { policy, voice }: ActPorts) {
  const { callerProof, secondOperator } = policy.helpDesk;
  const isSecondAsked =
    secondOperator === 'always' || (secondOperator === 'protected-users' && contact.protected === true);
  if (callerProof === 'required' && callerDestination(contact, policy, voice, now) === undefined)
    return { caller: 0, approvals: 2 };
  return { caller: callerProof === 'required' ? 1 : 0, approvals: isSecondAsked ? 1 : 0 };
}

function isFor(proof: Proof, act: HelpDeskAct, operator: string): boolean {
  return (proof.act ?? act) === act && (proof.operator ?? operator) === operator;
}

function byDifferentGivers(proofs: readonly Proof[]): readonly Proof[] {
  const approvals = proofs.filter(({ kind }) => kind === 'approval');
  return approvals.filter(
    ({ giver }, place) => approvals.findIndex((other) => other.giver === giver) === place,
  );
}

function bindProofs(
  state: HelpDeskState,
  good: readonly Proof[],
  act: HelpDeskAct,
  operator: string,
): HelpDeskState {
  // An approval is for an act already, and good for anybody but who gave it.
  const isNew = (proof: Proof) => proof.kind === 'caller' && !proof.operator && good.includes(proof);
  if (!state.proofs.some(isNew)) return state;
  return {
    ...state,
    proofs: state.proofs.map((proof) => (isNew(proof) ? { ...proof, act, operator } : proof)),
  };
}
