/** The answer that explains what a person would be offered, and the words for what decides. */
import type { Decider } from '../domain/enrolment/deciders.ts';
import type { Decided, Explanation } from '../domain/enrolment/explain-offers.ts';
import type { Readiness, UnreadyPerson } from '../domain/enrolment/readiness.ts';
import { timestamp } from './timestamp.ts';

const details: Readonly<Record<Decider, string>> = {
  'policy.mode': 'The mode lets people sign in with their security key alone.',
  'policy.mfaMethod': 'Policy names another method for everybody.',
  'policy.forgotPhone.enabled': 'Policy has no recoveries.',
  'policy.forgotPhone.method': 'Policy asks for a stronger path.',
  'policy.forgotPhone.usersSelect': 'Policy names one path, and lets nobody choose.',
  'policy.securityCodes': 'Policy does not have these codes.',
  'policy.sends.countries': 'Policy sends nothing to numbers of this country.',
  'policy.sends.perUserPerDay': 'The messages of the day are used up.',
  'policy.sends.perDay': 'The address had as many messages as policy allows for now.',
  'policy.kba.questions': 'Fewer security questions are enrolled than policy asks.',
  'policy.kba.tries': 'The tries at security questions are used up.',
  'policy.enrolment.holdHours': 'The address is new, and the person has an older one.',
  'policy.helpDesk.callerAddresses': 'The person has none of these addresses that gets a code now.',
  'policy.helpDesk.secondOperator': 'The person is protected, and policy asks no second operator.',
  'policy.helpDesk.codesPerUserPerDay': 'The person had all codes that policy allows in a day.',
  'policy.helpDesk.showCodes': 'Operators see no codes, and the person has no email that they can go to.',
  voice: 'The stage has no calls.',
  'restrictions.recoveries': 'An administrator closed recoveries.',
  'restrictions.helpDeskCodes': 'An administrator closed the codes of the help desk.',
  enabled: 'The person is disabled.',
  phone: 'No number is enrolled.',
  landline: 'The number is a landline, which gets calls alone.',
  email: 'No email address is enrolled.',
  alternateEmail: 'No alternate email address is enrolled.',
  backupCodes: 'The person has no code of this kind that still works.',
  callerVerifications: 'The day’s messages of the help desk are used up.',
  wait: 'Wrong attempts opened a wait.',
  stop: 'The fallback is stopped until the help desk unlocks.',
};

/** Whether it is offered; if not, what decides, in a sentence too, and until when. */
function offeredBody(decided: Decided | undefined) {
  if (decided === undefined) return { offered: true };
  const { by, until } = decided;
  return {
    offered: false,
    decidedBy: by,
    detail: details[by],
    ...(until === undefined ? {} : { until: timestamp(until) }),
  };
}

/** A page of those who need something, each with the reason in words. */
export function readinessBody({ lockedOut, oneWay, cursor }: Readiness) {
  const shown = ({ missing, ...person }: UnreadyPerson) => ({
    ...person,
    reason: Array.from(new Set(missing.map(({ decided }) => details[decided.by]))).join(' '),
    missing: missing.map(({ method, decided: { by: decidedBy, until } }) => ({
      method,
      decidedBy,
      ...(until === undefined ? {} : { until: timestamp(until) }),
    })),
  });
  return {
    lockedOut: lockedOut.map(shown),
    oneWay: oneWay.map(shown),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

export function explanationBody({
  userId,
  methods,
  recoveryPaths,
  backupCodes,
  callerVerification,
  acts,
}: Explanation) {
  const withOffer = <Entry extends { readonly decided?: Decided | undefined }>({
    decided,
    ...rest
  }: Entry) => ({
    ...rest,
    ...offeredBody(decided),
  });
  return {
    userId,
    methods: methods.map(withOffer),
    recoveryPaths: recoveryPaths.map(withOffer),
    backupCodes: backupCodes.map(withOffer),
    helpDesk: {
      callerVerification: withOffer(callerVerification),
      acts: acts.map(({ callers, approvals, ...act }) => ({
        ...withOffer(act),
        proofs: { caller: callers, approval: approvals },
      })),
    },
  };
}
