/** Putting security questions to a person: the same ones until somebody answers them. */
import type { Exhaustion } from '../attempts/lockout.ts';
import { isStoppedByPerson, stoppedByPerson } from '../attempts/person-stop.ts';
import { reconcileAttempts } from '../attempts/reconcile-attempts.ts';
import { isOpen } from '../challenge/challenge-state.ts';
import { encrypt } from '../crypto/encryption.ts';
import { type AssertedPurpose, newChallengeId, slotOf } from '../identifiers/challenge-id.ts';
import type { Idempotency } from '../identifiers/request-id.ts';
import { type Person, stillThere } from '../names/person.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import { questionsLifetimeSeconds } from '../policy/policy.ts';
import {
  challengeKeyOf,
  type KbaChallenge,
  type KbaView,
  type Superseded,
  supersededBy,
} from '../user-record/challenge.ts';
import { recallReply, rememberReply, replayable } from '../user-record/replays.ts';
import { withChallenge } from '../user-record/slots.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { authenticQuestions } from './authentic-questions.ts';
import { areEnough, chooseQuestions, decoyQuestions } from './choose-questions.ts';
import { type EnrolledQuestion, questionsOf } from './enrolled-questions.ts';
import type { KbaPorts } from './kba-ports.ts';

interface AskRequest {
  readonly person: Person;
  readonly client: string;
  readonly purpose: AssertedPurpose;
  /** As of a start; see `StartRequest`. */
  readonly session?: string | undefined;
  /** The recovery that it is a step of. */
  readonly recovery?: string | undefined;
  readonly idempotency?: Idempotency | undefined;
}

/** The caller finds the wording by the id. `text` is the wording at enrolment, where it was kept. */
export interface AskedQuestion {
  readonly questionId: string;
  readonly text?: string | undefined;
}

export type AskOutcome =
  | {
      readonly kind: 'questions';
      readonly view: KbaView;
      readonly questions: readonly AskedQuestion[];
      /** The questions of another recovery, which these replaced. */
      readonly superseded?: Superseded | undefined;
    }
  | Exhaustion
  | { readonly kind: 'fallback-disabled' | 'conflict' };

/**
 * Puts the questions. The same ones every time until they were answered; for a name that is not enrolled, ones
 * that are as stable. A new challenge closes the old one of its session; the step of a recovery that is opened again keeps
 * its own. One DynamoDB request for a person who was found.
 */
export async function askQuestions(request: AskRequest, ports: KbaPorts): Promise<AskOutcome> {
  if (forbidsFallback(ports.policy)) return { kind: 'fallback-disabled' };
  const { person } = request;
  const decide = (record: UserRecord) => decideAsk(stillThere(person, record), request, ports);
  const { outcome } = await updateUser(ports.users, person.key, decide, { from: person.record });
  return outcome;
}

function decideAsk(found: UserRecord, request: AskRequest, ports: KbaPorts): Decision<AskOutcome> {
  const { policy, keyring, clock, stateKeys } = ports;
  const now = clock.now();
  const reply = recallReply(found, request.idempotency, now);
  if (reply && reply.body !== request.idempotency?.body) return { outcome: { kind: 'conflict' } };
  const enrolled = questionsOf(found, keyring);
  if (reply) return { outcome: asked(reply.view as KbaView, enrolled) };

  if (isStoppedByPerson(found)) return { outcome: stoppedByPerson };
  const slot = slotOf(request);
  const before = found.kbaChallenges[challengeKeyOf(request.client, { ...request, slot })];
  const isAnswerable = before && (before.verified !== undefined || before.expiresAt > now);
  // A fault made the workflow open the step again, and the person may be answering it.
  if (request.recovery !== undefined && isAnswerable) {
    return { outcome: asked(viewOfQuestions(before), enrolled) };
  }

  const record = reconcileAttempts(found, keyring, now, policy.lockout);
  const unsigned: Omit<KbaChallenge, 'mac'> = {
    id: newChallengeId({ kind: 'kba', purpose: request.purpose, locator: record.locator, slot }),
    client: request.client,
    purpose: request.purpose,
    slot,
    startedAt: now,
    name: encrypt(request.person.name, record.locator, keyring),
    recovery: request.recovery,
    expiresAt: now + questionsLifetimeSeconds * 1000,
    maxAttempts: policy.kba.tries,
    asked: questionsToAsk(record, enrolled, ports),
    requests: [],
    attempts: [],
    reconciledUpTo: 0,
  };
  const challenge = authenticQuestions(unsigned, record.locator, stateKeys);
  const view = viewOfQuestions(challenge);
  const isOver = (other: KbaChallenge) => !isOpen(other, now, keyring);
  const { challenges, gone } = withChallenge(record.kbaChallenges, challenge, isOver);
  const pastKba = replayable(gone, record.pastKba, now);
  const opened = { ...record, kbaChallenges: challenges, pastKba };
  const after = request.idempotency ? rememberReply(opened, request.idempotency, view, now) : opened;
  const unanswered = gone.filter(({ verified }) => verified === undefined);
  const superseded = supersededBy(request.recovery, unanswered);
  return { outcome: { ...asked(view, enrolled), superseded }, after };
}

/** Those that wait for an answer. Others when policy asks for another number; a decoy's when too few are enrolled. */
function questionsToAsk(
  { locator, securityQuestions }: UserRecord,
  enrolled: readonly EnrolledQuestion[],
  { policy, keyring, questionIds }: KbaPorts,
): readonly string[] {
  const { questions: count } = policy.kba;
  // Computed for everybody, so that the time does not tell who needs it.
  const decoys = decoyQuestions(questionIds, count, locator, keyring);
  if (securityQuestions?.asked.length === count) return securityQuestions.asked;
  if (!areEnough(enrolled, policy)) return decoys;
  const ids = enrolled.map(({ questionId }) => questionId);
  return chooseQuestions(ids, count, locator, '', keyring);
}

function viewOfQuestions({ id, asked, expiresAt }: KbaChallenge): KbaView {
  return { challengeId: id, asked, expiresAt };
}

function asked(view: KbaView, enrolled: readonly EnrolledQuestion[]) {
  const wording = new Map(enrolled.map(({ questionId, text }) => [questionId, text]));
  const questions = view.asked.map((questionId) => ({ questionId, text: wording.get(questionId) }));
  return { kind: 'questions', view, questions } as const;
}
