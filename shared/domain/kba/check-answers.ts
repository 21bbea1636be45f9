/** One verdict on all answers together, in the same time whichever are wrong. */

import { lockOf, refusalByLock } from '../attempts/lockout.ts';
import { creditSuccess, reconcileAttempts, without } from '../attempts/reconcile-attempts.ts';
import { isCurrentHash, matchesArgon2id, noHash } from '../crypto/argon2id.ts';
import { sameDigest } from '../crypto/digest.ts';
import { hmac, type Keyring } from '../crypto/keyring.ts';
import { Unavailable } from '../faults.ts';
import { type Purpose, readChallengeId } from '../identifiers/challenge-id.ts';
import type { Policy } from '../policy/policy.ts';
import { challengeKeyOf, type KbaChallenge } from '../user-record/challenge.ts';
import { findQuestions } from '../user-record/find-challenge.ts';
import { hasAttempted } from '../user-record/replays.ts';
import { type Decision, updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import type { AttemptRequest } from '../user-record/user-store.ts';
import { normaliseAnswer } from './answers.ts';
import { chooseQuestions } from './choose-questions.ts';
import { type EnrolledQuestion, encryptQuestions, enrolQuestion, questionsOf } from './enrolled-questions.ts';
import type { KbaPorts } from './kba-ports.ts';

interface GivenAnswer {
  readonly questionId: string;
  readonly answer: string;
}

interface CheckRequest {
  readonly challengeId: string;
  readonly client: string;
  readonly answers: readonly GivenAnswer[];
  readonly request: string;
}

interface VerifiedAnswers {
  readonly kind: 'verified';
  readonly challengeId: string;
  readonly userId: string;
  readonly user: string;
  readonly purpose: Purpose;
  readonly recovery?: string | undefined;
  readonly at: number;
}

export type CheckOutcome =
  | VerifiedAnswers
  | {
      readonly kind: 'code-rejected';
      readonly attemptsRemaining: number;
      readonly recovery?: string | undefined;
    }
  | {
      readonly kind: 'attempts-exhausted';
      readonly retryAt?: number;
      /** Of the recovery whose questions nobody can answer any more. */
      readonly recovery?: string | undefined;
    }
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

/**
 * Judges all answers together, in the same time whichever are wrong. The try is spent before anything is
 * compared. One DynamoDB request for wrong answers, two for right ones, two when the try could not be spent.
 */
export async function checkAnswers(request: CheckRequest, ports: KbaPorts): Promise<CheckOutcome> {
  const { users, clock, keyring, policy } = ports;
  if (policy.mode === 'DirectFidoAuth') return { kind: 'fallback-disabled' };
  const address = readChallengeId(request.challengeId);
  if (address?.kind !== 'kba') return { kind: 'challenge-closed' };
  const challengeKey = challengeKeyOf(request.client, address.purpose);
  const now = clock.now();
  const attempted: AttemptRequest = {
    on: { kind: 'kbaChallenges', challengeKey, challengeId: request.challengeId },
    request: request.request,
    attempt: { digest: digestOf(request, keyring.current, keyring), key: keyring.current, at: now },
    newestKey: keyring.newest,
  };
  for (let round = 0; round < 2; round += 1) {
    const spent = await users.recordAttempt(address.locator, attempted);
    if (spent) return verdictOf(spent, challengeKey, request, ports);
    const record = await users.read(address.locator);
    const challenge = findQuestions(record, challengeKey, request.challengeId);
    if (record === undefined || challenge === undefined) return { kind: 'challenge-closed' };
    if (hasAttempted(challenge, request.request, now)) return verdictOf(record, challengeKey, request, ports);
    if (record.kbaChallenges[challengeKey] !== challenge) return { kind: 'challenge-closed' };
    const settled = reconcileAttempts(record, keyring, now, policy.lockout);
    const refusal = explainRefusal(settled, challenge, now, policy);
    if (refusal) return refusal;
    await users.write(record, settled);
  }
  throw new Unavailable('raced-user-record');
}

/** The verdict on a try that is in the record; a repetition of the request comes to the same. */
async function verdictOf(
  record: UserRecord,
  challengeKey: string,
  request: CheckRequest,
  ports: KbaPorts,
): Promise<CheckOutcome> {
  const { users, keyring, policy } = ports;
  const challenge = findQuestions(record, challengeKey, request.challengeId);
  const place = challenge?.requests.indexOf(request.request) ?? -1;
  const attempt = challenge?.attempts[place];
  if (challenge === undefined || attempt === undefined) return { kind: 'challenge-closed' };
  if (!sameDigest(attempt.digest, digestOf(request, attempt.key, keyring))) return { kind: 'conflict' };
  const enrolled = questionsOf(record, keyring);
  // What was verified for this request stays so, also when the person was given other questions since.
  const right =
    (await allRight(challenge, enrolled, request.answers, keyring)) || challenge.verified === request.request;
  if (!right || record.enrolment?.enabled !== true) {
    const left = Math.min(
      challenge.maxAttempts - place - 1,
      policy.kba.tries - triesInWindow(record, attempt.at, policy),
    );
    return { kind: 'code-rejected', attemptsRemaining: Math.max(0, left), recovery: challenge.recovery };
  }
  const upgraded = await upgrade(enrolled, request.answers, keyring);
  const { outcome } = await updateUser(
    users,
    record.locator,
    (latest) =>
      decideVerified(latest, challengeKey, request, attempt.at, { before: record, upgraded }, ports),
    { from: record },
  );
  return outcome;
}

/** The record whose questions were answered, and those questions with their hashes made anew. */
interface Judged {
  readonly before: UserRecord;
  readonly upgraded: readonly EnrolledQuestion[];
}

/** Of several right requests, the one whose write makes the challenge verified wins. */
function decideVerified(
  found: UserRecord,
  challengeKey: string,
  request: CheckRequest,
  at: number,
  judged: Judged,
  { keyring, clock, policy }: KbaPorts,
): Decision<CheckOutcome> {
  const { challengeId } = request;
  const challenge = findQuestions(found, challengeKey, challengeId);
  const { enrolment, securityQuestions } = found;
  if (challenge === undefined || enrolment?.enabled !== true)
    return { outcome: { kind: 'challenge-closed' } };
  const { userId } = enrolment;
  const outcome = {
    kind: 'verified',
    challengeId,
    userId,
    user: found.locator,
    purpose: challenge.purpose,
    recovery: challenge.recovery,
    at,
  } as const;
  if (challenge.verified !== undefined) {
    return { outcome: challenge.verified === request.request ? outcome : { kind: 'challenge-closed' } };
  }
  // Superseded, or without questions, since the try was spent.
  if (found.kbaChallenges[challengeKey] !== challenge || securityQuestions === undefined)
    return { outcome: { kind: 'challenge-closed' } };
  const right = challenge.attempts.filter(({ digest, key }) =>
    sameDigest(digest, digestOf(request, key, keyring)),
  );
  const times = right.map((attempt) => attempt.at);
  const settled = creditSuccess(reconcileAttempts(found, keyring, clock.now(), policy.lockout), times, 'kba');
  const verified = { ...(settled.kbaChallenges[challengeKey] as KbaChallenge), verified: request.request };
  // Questions that an administrator has replaced since are not to come back.
  const { before, upgraded } = judged;
  const isSame = Buffer.from(securityQuestions.ciphertext).equals(
    before.securityQuestions?.ciphertext ?? Buffer.of(),
  );
  const questions = isSame ? upgraded : questionsOf(found, keyring);
  const ids = questions.map(({ questionId }) => questionId);
  return {
    outcome,
    after: {
      ...settled,
      kbaTries: without(settled.kbaTries, times),
      kbaChallenges: { ...settled.kbaChallenges, [challengeKey]: verified },
      securityQuestions: {
        ciphertext: isSame
          ? encryptQuestions(upgraded, found.locator, keyring)
          : securityQuestions.ciphertext,
        asked: chooseQuestions(ids, policy.kba.questions, found.locator, challengeId, keyring),
      },
    },
  };
}

/** Every question is hashed and compared, whatever came before; a question without an answer too. */
async function allRight(
  challenge: KbaChallenge,
  enrolled: readonly EnrolledQuestion[],
  answers: readonly GivenAnswer[],
  keyring: Keyring,
): Promise<boolean> {
  const byId = new Map(enrolled.map((question) => [question.questionId, question]));
  const given = new Map(answers.map(({ questionId, answer }) => [questionId, normaliseAnswer(answer)]));
  const results = await Promise.all(
    challenge.asked.map((questionId) => {
      const { salt, key, hash } = byId.get(questionId) ?? {
        salt: challenge.id,
        key: keyring.current,
        hash: noHash,
      };
      return matchesArgon2id(given.get(questionId) ?? '', salt, keyring.key('answer', key), hash);
    }),
  );
  const exact = answers.length === challenge.asked.length && given.size === answers.length;
  return results.filter((right) => right).length === challenge.asked.length && exact;
}

/** Hashes of an older setting or key are made anew while their answers are at hand. */
function upgrade(enrolled: readonly EnrolledQuestion[], answers: readonly GivenAnswer[], keyring: Keyring) {
  return Promise.all(
    enrolled.map((question) => {
      const given = answers.find(({ questionId }) => questionId === question.questionId);
      const current = question.key === keyring.current && isCurrentHash(question.hash);
      return current || given === undefined
        ? question
        : enrolQuestion({ ...question, answer: given.answer }, keyring);
    }),
  );
}

/** Milliseconds, longer than a function runs: a try that is older is not about to turn out right. */
const judgedWithinMilliseconds = 30_000;

function explainRefusal(
  record: UserRecord,
  challenge: KbaChallenge,
  now: number,
  policy: Policy,
): CheckOutcome | undefined {
  if (challenge.expiresAt <= now || challenge.verified !== undefined) return { kind: 'challenge-closed' };
  const oldest = record.kbaTries[policy.kba.tries - 1];
  const until = oldest === undefined ? 0 : oldest + policy.kba.windowSeconds * 1000;
  if (until > now) {
    const isOver = until > challenge.expiresAt && (record.kbaTries[0] ?? 0) <= now - judgedWithinMilliseconds;
    return { kind: 'attempts-exhausted', retryAt: until, recovery: isOver ? challenge.recovery : undefined };
  }
  if (challenge.attempts.length >= challenge.maxAttempts) return { kind: 'attempts-exhausted' };
  return refusalByLock(lockOf(record, now, policy.lockout));
}

/** As many as there were right after a try, so that a repetition is answered alike. */
function triesInWindow({ kbaTries }: UserRecord, at: number, { kba }: Policy): number {
  return kbaTries.filter((time) => time <= at && time > at - kba.windowSeconds * 1000).length;
}

function digestOf({ challengeId, answers }: CheckRequest, key: number, keyring: Keyring): string {
  const parts = answers.flatMap(({ questionId, answer }) => [questionId, normaliseAnswer(answer)]);
  return hmac(keyring.key('guess', key), challengeId, ...parts)
    .subarray(0, 16)
    .toString('base64url');
}
