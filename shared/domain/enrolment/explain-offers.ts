/** What a person would be offered now, and for each thing not offered what decides: by the rules that offer it. */
import { lockOf } from '../attempts/lockout.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { offers } from '../backup-codes/code-selector.ts';
import { codesLeft } from '../backup-codes/count-codes.ts';
import { nextBatchAt } from '../backup-codes/decide-batch.ts';
import { codesAddress } from '../backup-codes/sent-codes.ts';
import { type Contact, decryptContact, unreachableBy } from '../contact/contact.ts';
import { type Holds, holdsOf, withoutHeld } from '../contact/hold.ts';
import { maskEmail, maskPhone } from '../contact/mask.ts';
import { destinationCounter } from '../contact/profile.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { authorizeAct } from '../help-desk/authorize-act.ts';
import { callerDestination } from '../help-desk/caller-address.ts';
import { nextCallerAt } from '../help-desk/start-caller-verification.ts';
import { nextTryAt } from '../kba/check-answers.ts';
import { areEnough } from '../kba/choose-questions.ts';
import { questionsOf } from '../kba/enrolled-questions.ts';
import { nextSendAt, userWindows } from '../limits/send-windows.ts';
import { destinationMark, nextMessageAt } from '../limits/sent-messages.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { type AddressKind, addressKindOf, methodRuledOutBy } from '../policy/methods.ts';
import { type Method, methods, type Policy } from '../policy/policy.ts';
import {
  type AnsweredStep,
  pathRuledOutBy,
  type RecoveryPath,
  recoveryPathNames,
  recoverySteps,
} from '../policy/recovery-paths.ts';
import { type HelpDeskAct, helpDeskActs } from '../user-record/help-desk-state.ts';
import type { Enrolment, UserRecord } from '../user-record/user-record.ts';
import type { Decider } from './deciders.ts';

export interface Decided {
  readonly by: Decider;
  /** When it decides so no more, where time alone ends it; epoch milliseconds. */
  readonly until?: number | undefined;
}

/** `decided` is absent where it is offered. */
export interface Explanation {
  readonly userId: string;
  readonly methods: readonly {
    readonly method: Method;
    readonly destination?: string | undefined;
    readonly decided?: Decided | undefined;
  }[];
  readonly recoveryPaths: readonly { readonly path: RecoveryPath; readonly decided?: Decided | undefined }[];
  readonly backupCodes: readonly {
    readonly kind: 'one-time' | 'static';
    readonly remaining: number;
    readonly decided?: Decided | undefined;
  }[];
  readonly callerVerification: {
    readonly destination?: string | undefined;
    readonly decided?: Decided | undefined;
  };
  /** What the help desk can do, and how many proofs it needs. */
  readonly acts: readonly {
    readonly act: HelpDeskAct;
    readonly callers: number;
    readonly approvals: number;
    readonly decided?: Decided | undefined;
  }[];
}

export interface ExplainPorts {
  readonly policy: Policy;
  readonly keyring: Keyring;
  readonly voice: boolean;
}

/** What restrictions close now, and until when. */
export type Closed = Readonly<
  Partial<Record<'recoveries' | 'helpDeskCodes', { readonly until?: number | undefined }>>
>;

interface Facts {
  readonly record: UserRecord;
  readonly enrolment: Enrolment;
  readonly contact: Contact;
  readonly holds: Holds;
  readonly closed: Closed;
  readonly now: number;
  readonly ports: ExplainPorts;
}

/**
 * Pure. What counters of addresses, clients and the deployment refuse is not in it: the deliveries tell that.
 *
 * @param closed what restrictions close now
 */
export function explainOffers(
  found: UserRecord,
  enrolment: Enrolment,
  closed: Closed,
  now: number,
  ports: ExplainPorts,
): Explanation {
  const { policy, keyring } = ports;
  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const contact = decryptContact(enrolment.contact, record.locator, keyring);
  const facts = { record, enrolment, contact, holds: holdsOf(contact, policy, now), closed, now, ports };
  return {
    userId: enrolment.userId,
    methods: methods.map((method) => {
      const decided = methodDecidedBy(method, facts);
      return { method, destination: decided ? undefined : maskedBy(method, contact), decided };
    }),
    recoveryPaths: recoveryPathNames.map((path) => ({ path, decided: pathDecidedBy(path, facts) })),
    backupCodes: (['one-time', 'static'] as const).map((kind) => ({
      kind,
      remaining: codesLeft(record.codeBatches[kind], now),
      decided: codesDecidedBy(kind, facts),
    })),
    callerVerification: explainedCaller(facts),
    acts: helpDeskActs.map((act) => ({ act, ...proofsFor(act, facts), decided: actDecidedBy(act, facts) })),
  };
}

/** The first that there is: what holds for everybody comes before what holds for the person. */
function first(...decided: readonly (Decided | Decider | undefined)[]): Decided | undefined {
  const found = decided.find((each) => each !== undefined);
  return typeof found === 'string' ? { by: found } : found;
}

const modeDecides = (policy: Policy) => (forbidsFallback(policy) ? 'policy.mode' : undefined);

/** Whoever is disabled, stopped or has to wait signs in by nothing here. */
function personDecides({ record, enrolment, now, ports: { policy } }: Facts): Decided | undefined {
  if (!enrolment.enabled) return { by: 'enabled' };
  const lock = lockOf(record, now, policy.lockout);
  if (lock.kind === 'locked') return { by: 'stop' };
  return lock.kind === 'throttled' ? { by: 'wait', until: lock.until } : undefined;
}

/** At no door in particular: what one door has used up is told at that door. */
function messagesDecide(address: AddressKind, facts: Facts): Decided | undefined {
  const { record, contact, now, ports } = facts;
  const { sends } = ports.policy;
  const to = address === 'phone' ? contact.phone?.number : contact[address];
  if (to === undefined) return undefined;
  const kind = address === 'phone' ? 'phone' : 'email';
  const place = { door: '', to: destinationMark(destinationCounter(kind, to, ports.keyring)) };
  const until = nextMessageAt(record.sent, place, sends);
  if (until <= now) return undefined;
  const total = nextSendAt(
    record.sent.map(({ at }) => at),
    userWindows(sends),
  );
  return { by: total > now ? 'policy.sends.perUserPerDay' : 'policy.sends.perDay', until };
}

function holdDecides(kind: AddressKind, { holds }: Pick<Facts, 'holds'>): Decided | undefined {
  const until = holds[kind];
  return until === undefined ? undefined : { by: 'policy.enrolment.holdHours', until };
}

/** What keeps a method from the person today, whatever they did. */
export function addressDecidedBy(
  method: Method,
  contact: Contact,
  holds: Holds,
  { policy, voice }: Pick<ExplainPorts, 'policy' | 'voice'>,
): Decided | undefined {
  return first(
    methodRuledOutBy(method, policy, voice),
    unreachableBy(method, contact, policy),
    holdDecides(addressKindOf(method), { holds }),
  );
}

function methodDecidedBy(method: Method, facts: Facts): Decided | undefined {
  const { contact, holds, ports } = facts;
  return first(
    modeDecides(ports.policy),
    addressDecidedBy(method, contact, holds, ports),
    personDecides(facts),
    messagesDecide(addressKindOf(method), facts),
  );
}

function maskedBy(method: Method, { phone, email = '' }: Contact): string {
  return addressKindOf(method) === 'email' ? maskEmail(email) : maskPhone(phone?.number ?? '');
}

function restrictionDecides(what: keyof Closed, { closed }: Facts): Decided | undefined {
  return closed[what] && { by: `restrictions.${what}`, until: closed[what].until };
}

function pathDecidedBy(path: RecoveryPath, facts: Facts): Decided | undefined {
  const steps: readonly AnsweredStep[] = recoverySteps[path];
  return first(
    restrictionDecides('recoveries', facts),
    pathRuledOutBy(path, facts.ports.policy),
    ...steps.map((step) => stepDecidedBy(step, facts)),
    personDecides(facts),
  );
}

function stepDecidedBy(step: AnsweredStep, facts: Facts): Decided | undefined {
  const { record, contact, now, ports } = facts;
  switch (step) {
    case 'kba': {
      if (!areEnough(questionsOf(record, ports.keyring), ports.policy)) return { by: 'policy.kba.questions' };
      const until = nextTryAt(record.kbaTries, ports.policy);
      return until > now ? { by: 'policy.kba.tries', until } : undefined;
    }
    case 'otp':
      return first(
        contact.alternateEmail === undefined ? 'alternateEmail' : undefined,
        holdDecides('alternateEmail', facts),
        messagesDecide('alternateEmail', facts),
      );
    case 'backup-code':
      return first(codesDecidedBy('one-time', facts) && codesDecidedBy('static', facts));
  }
}

function codesDecidedBy(kind: 'one-time' | 'static', facts: Facts): Decided | undefined {
  const { record, now, ports } = facts;
  return first(
    modeDecides(ports.policy),
    offers(ports.policy, kind) ? undefined : 'policy.securityCodes',
    codesLeft(record.codeBatches[kind], now) > 0 ? undefined : 'backupCodes',
    personDecides(facts),
  );
}

function explainedCaller({
  record,
  enrolment,
  contact,
  now,
  ports,
}: Facts): Explanation['callerVerification'] {
  const to = callerDestination(contact, ports.policy, ports.voice, now);
  const until = nextCallerAt(record.helpDesk);
  const decided = first(
    enrolment.enabled ? undefined : 'enabled',
    to ? undefined : 'policy.helpDesk.callerAddresses',
    until > now ? { by: 'callerVerifications', until } : undefined,
  );
  return { destination: decided ? undefined : to?.masked, decided };
}

/** What the help desk is asked for that has shown nothing yet. */
const nobody = { key: '', client: '', isAdministrator: false };

function decisionOn(act: HelpDeskAct, { record, enrolment, now, ports }: Facts) {
  return authorizeAct(record, enrolment, { kind: act, operator: nobody, proofs: [] }, now, ports);
}

function proofsFor(act: HelpDeskAct, facts: Facts) {
  const decision = decisionOn(act, facts);
  if (decision.kind !== 'proof-required') return { callers: 0, approvals: 0 };
  return { callers: decision.missing.includes('caller') ? 1 : 0, approvals: decision.approvals };
}

function actDecidedBy(act: HelpDeskAct, facts: Facts): Decided | undefined {
  const { record, contact, now, ports } = facts;
  const { policy } = ports;
  const isProtected = decisionOn(act, facts).kind === 'protected';
  const outOfReach = isProtected ? 'policy.helpDesk.secondOperator' : undefined;
  if (act === 'unlock') return first(outOfReach);
  const until = nextBatchAt(record.helpDesk, policy);
  const isAddressed = policy.helpDesk.showCodes || codesAddress(withoutHeld(contact, policy, now));
  return first(
    restrictionDecides('helpDeskCodes', facts),
    modeDecides(policy),
    policy.securityCodes === 'none' ? 'policy.securityCodes' : undefined,
    outOfReach,
    until > now ? { by: 'policy.helpDesk.codesPerUserPerDay', until } : undefined,
    isAddressed ? undefined : 'policy.helpDesk.showCodes',
  );
}
