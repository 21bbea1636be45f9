/** The write that makes a questions' challenge verified: of several right requests, one wins. */
import { listsOf } from '../attempts/counted-apart.ts';
import { creditSuccess, reconcileAttempts, without } from '../attempts/reconcile-attempts.ts';
import { enrolledName } from '../contact/enrolled-name.ts';
import { withNotices } from '../contact/notices.ts';
import { sameDigest } from '../crypto/digest.ts';
import type { AssertedPurpose } from '../identifiers/challenge-id.ts';
import { askedName } from '../names/asked-name.ts';
import type { KbaChallenge } from '../user-record/challenge.ts';
import { findQuestions } from '../user-record/find-challenge.ts';
import type { Decision } from '../user-record/update-user.ts';
import type { Enrolment, SecurityQuestions, UserRecord } from '../user-record/user-record.ts';
import { authenticQuestions, confirmQuestions } from './authentic-questions.ts';
import { chooseQuestions } from './choose-questions.ts';
import { type EnrolledQuestion, encryptQuestions, questionsOf } from './enrolled-questions.ts';
import { answersDigest, type GivenAnswer } from './judge-answers.ts';
import type { AnswerPorts } from './kba-ports.ts';

export interface VerifiedAnswers {
  readonly kind: 'verified';
  readonly challengeId: string;
  /** As enrolled. */
  readonly userId: string;
  /** As the client asked for. */
  readonly name: string;
  readonly user: string;
  readonly purpose: AssertedPurpose;
  readonly recovery?: string | undefined;
  readonly at: number;
}

export interface RightAnswers {
  readonly challengeKey: string;
  readonly challengeId: string;
  readonly request: string;
  readonly answers: readonly GivenAnswer[];
  /** When the attempt was recorded; epoch milliseconds. */
  readonly at: number;
  /** The record whose questions were answered, and those questions with their hashes made anew. */
  readonly judged: { readonly record: UserRecord; readonly rehashed: readonly EnrolledQuestion[] };
}

type Acceptance = VerifiedAnswers | { readonly kind: 'challenge-closed' };

const closed = { outcome: { kind: 'challenge-closed' } } as const;

export function decideAcceptance(
  found: UserRecord,
  right: RightAnswers,
  ports: AnswerPorts,
): Decision<Acceptance> {
  const { challengeKey, challengeId, request, at } = right;
  const challenge = findQuestions(found, challengeKey, challengeId);
  const { locator: user, enrolment } = found;
  const userId = enrolledName(found, ports.keyring);
  if (challenge === undefined || enrolment === undefined || userId === undefined) return closed;
  confirmQuestions(challenge, { challengeKey, locator: user }, ports.stateKeys);
  const { purpose, recovery, verified } = challenge;
  const name = askedName(challenge, found, ports);
  if (name === undefined) return closed;
  const outcome: VerifiedAnswers = {
    kind: 'verified',
    challengeId,
    userId,
    name,
    user,
    purpose,
    recovery,
    at,
  };
  if (verified !== undefined) return verified === request ? { outcome } : closed;
  const isCurrent = found.kbaChallenges[challengeKey] === challenge;
  // Superseded, or left without questions, since the attempt was recorded.
  if (!isCurrent || found.securityQuestions === undefined) return closed;
  const after = accepted(found, challenge, found.securityQuestions, right, ports);
  return { outcome, after: recovery === undefined ? told(after, enrolment, ports) : after };
}

/** A sign-in by answers is told as a recovery is, which has its own notice at its end (SP 800-63B-4 §4.2.3). */
function told(record: UserRecord, { contact }: Enrolment, { clock }: AnswerPorts): UserRecord {
  return { ...record, notices: withNotices(record, 'answers-accepted', [contact], clock.now()) };
}

function accepted(
  found: UserRecord,
  challenge: KbaChallenge,
  questions: SecurityQuestions,
  right: RightAnswers,
  ports: AnswerPorts,
): UserRecord {
  const { keyring, clock, policy, stateKeys } = ports;
  const { challengeKey, challengeId, request, answers } = right;
  const times = challenge.attempts
    .filter(({ digest, key }) => sameDigest(digest, answersDigest(answers, challengeId, key, keyring)))
    .map(({ at }) => at);
  const reconciled = reconcileAttempts(found, keyring, clock.now(), policy.lockout);
  const credited = creditSuccess(reconciled, times, { authenticator: 'kba', client: challenge.client });
  const reconciledOne = credited.kbaChallenges[challengeKey] as KbaChallenge;
  const verified = authenticQuestions({ ...reconciledOne, verified: request }, found.locator, stateKeys);
  const { tries } = listsOf(challenge.client);
  return {
    ...credited,
    [tries]: without(credited[tries], times),
    kbaChallenges: { ...credited.kbaChallenges, [challengeKey]: verified },
    securityQuestions: nextQuestions(found, questions, right, ports),
  };
}

/** Others are asked after a success. Questions that an administrator replaced in the meantime do not come back. */
function nextQuestions(
  found: UserRecord,
  { ciphertext }: SecurityQuestions,
  { challengeId, judged }: RightAnswers,
  { keyring, policy }: AnswerPorts,
): SecurityQuestions {
  const before = judged.record.securityQuestions?.ciphertext ?? Buffer.of();
  const isSame = Buffer.from(ciphertext).equals(before);
  const questions = isSame ? judged.rehashed : questionsOf(found, keyring);
  const ids = questions.map(({ questionId }) => questionId);
  const asked = chooseQuestions(ids, policy.kba.questions, found.locator, challengeId, keyring);
  return { ciphertext: encryptQuestions(questions, asked, found.locator, keyring), asked };
}
