/** Checking answers: the attempt is recorded, all answers are judged together, and one write accepts right ones. */
import { authenticAttempt } from '../attempts/authentic-attempts.ts';
import { listsOf } from '../attempts/counted-apart.ts';
import { type Exhaustion, exhaustionOf, lockAt } from '../attempts/lockout.ts';
import { reserveAttempt } from '../attempts/reserve-attempt.ts';
import { isExhausted, isOpen } from '../challenge/challenge-state.ts';
import { enrolledName } from '../contact/enrolled-name.ts';
import { enqueueNotices } from '../contact/notices.ts';
import { sameDigest } from '../crypto/digest.ts';
import { ForgedState } from '../faults.ts';
import { type Purpose, readChallengeId } from '../identifiers/challenge-id.ts';
import { forbidsFallback } from '../policy/fallback.ts';
import type { Policy } from '../policy/policy.ts';
import { challengeKeyOf } from '../user-record/challenge.ts';
import { findQuestions } from '../user-record/find-challenge.ts';
import { updateUser } from '../user-record/update-user.ts';
import type { UserRecord } from '../user-record/user-record.ts';
import { decideAcceptance, type VerifiedAnswers } from './accept-answers.ts';
import { confirmQuestions } from './authentic-questions.ts';
import { questionsOf } from './enrolled-questions.ts';
import { answersDigest, areAllRight, type GivenAnswer, rehash } from './judge-answers.ts';
import type { AnswerPorts } from './kba-ports.ts';

interface CheckRequest {
  readonly challengeId: string;
  readonly client: string;
  readonly answers: readonly GivenAnswer[];
  readonly request: string;
}

export type CheckOutcome =
  | VerifiedAnswers
  | {
      readonly kind: 'rejected';
      readonly attemptsRemaining: number;
      readonly recovery?: string | undefined;
    }
  /** `recovery`: the one whose questions nobody can answer any more. */
  | (Exhaustion & { readonly recovery?: string | undefined })
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

/** What is checked: the request, and its challenge's place in the record. */
interface LocatedRequest extends CheckRequest {
  readonly challengeKey: string;
  readonly purpose: Purpose;
}

/**
 * One DynamoDB request for wrong answers, two for right ones, two when the attempt could not be recorded.
 *
 * @throws {ForgedState} where answers would be right because of what nobody of ours wrote
 */
export async function checkAnswers(request: CheckRequest, ports: AnswerPorts): Promise<CheckOutcome> {
  const { clock, keyring, policy, stateKeys } = ports;
  if (forbidsFallback(policy)) return { kind: 'fallback-disabled' };
  const { challengeId, client, answers } = request;
  const address = readChallengeId(challengeId);
  if (address?.kind !== 'kba') return { kind: 'challenge-closed' };
  const challengeKey = challengeKeyOf(client, address);
  const digest = answersDigest(answers, challengeId, keyring.current, keyring);
  const located: LocatedRequest = { ...request, challengeKey, purpose: address.purpose };
  const now = clock.now();
  const { locator } = address;
  const on = { kind: 'kbaChallenges', challengeKey, challengeId } as const;
  const made = { digest, key: keyring.current, at: now };
  const attempt = authenticAttempt({ locator, on, request: request.request }, made, stateKeys);
  const recorded = await reserveAttempt(
    {
      locator,
      attempted: { on, client, request: request.request, attempt, newestKey: keyring.newest },
      attemptsIn: (record) => findQuestions(record, challengeKey, challengeId),
      refusalOf: (record) => refusalOf(record, located, now, ports),
    },
    ports,
  );
  return recorded.kind === 'refused' ? recorded.refusal : verdictOf(recorded.record, located, ports);
}

/** The verdict on an attempt that is in the record; a repetition of the request comes to the same. */
async function verdictOf(
  record: UserRecord,
  located: LocatedRequest,
  ports: AnswerPorts,
): Promise<CheckOutcome> {
  const { users, keyring, policy, stateKeys } = ports;
  const { locator } = record;
  const { client, challengeKey, challengeId, request, answers } = located;
  const challenge = findQuestions(record, challengeKey, challengeId);
  const place = challenge?.requests.indexOf(request) ?? -1;
  const attempt = challenge?.attempts[place];
  if (challenge === undefined || attempt === undefined) return { kind: 'challenge-closed' };
  const { at, key, digest } = attempt;
  if (!sameDigest(digest, answersDigest(answers, challengeId, key, keyring))) return { kind: 'conflict' };
  const { recovery, maxAttempts, verified } = challenge;
  const enrolled = questionsOf(record, keyring);
  const isRight = await areAllRight(challenge, enrolled, answers, keyring);
  // What was verified for this request stays so, also when the person was given other questions since.
  if ((!isRight && verified !== request) || enrolledName(record, keyring) === undefined) {
    const left = Math.min(
      maxAttempts - place - 1,
      policy.kba.tries - triesInWindow(record[listsOf(client).tries], at, policy),
    );
    return { kind: 'rejected', attemptsRemaining: Math.max(0, left), recovery };
  }
  // Under the key of another client or purpose, the assertion would be another's. The write that records an attempt
  // asks the other two, of what stood there then.
  const isAnothers = challenge.client !== client || challenge.purpose !== located.purpose;
  if (isAnothers || at >= challenge.expiresAt || place >= maxAttempts) throw new ForgedState('questions');
  confirmQuestions(challenge, { challengeKey, locator }, stateKeys);
  const judged = { record, rehashed: await rehash(enrolled, answers, keyring) };
  const { outcome, record: latest } = await updateUser(
    users,
    locator,
    (current) => decideAcceptance(current, { ...located, at, judged }, ports),
    { from: record },
  );
  // Of a repetition too: the first request's notice may never have been queued.
  if (recovery === undefined) await enqueueNotices(record.locator, latest, ports);
  return outcome;
}

/** Milliseconds, longer than a function runs: an older attempt is not about to turn out right. */
const judgedWithinMilliseconds = 30_000;

/** When policy allows the next try at questions; in the past where it is now. Epoch milliseconds. */
export function nextTryAt(tries: readonly number[], { kba }: Policy): number {
  const oldest = tries[kba.tries - 1];
  return oldest === undefined ? 0 : oldest + kba.windowSeconds * 1000;
}

/** Why the write refused; `undefined` when nothing in the record would. */
function refusalOf(
  record: UserRecord,
  { client, challengeKey, challengeId }: LocatedRequest,
  now: number,
  { policy, keyring }: AnswerPorts,
): CheckOutcome | undefined {
  const challenge = record.kbaChallenges[challengeKey];
  if (challenge?.id !== challengeId || !isOpen(challenge, now, keyring)) return { kind: 'challenge-closed' };
  const tries = record[listsOf(client).tries];
  const until = nextTryAt(tries, policy);
  const isWaiting = until > now;
  const lock = lockAt(client, record, now, policy.lockout);
  const exhaustion = exhaustionOf(lock, isExhausted(challenge), isWaiting ? until : 0);
  const isJudged = (tries[0] ?? 0) <= now - judgedWithinMilliseconds;
  const isOver = isWaiting && until > challenge.expiresAt && isJudged;
  return exhaustion && { ...exhaustion, recovery: isOver ? challenge.recovery : undefined };
}

/** As many as there were right after an attempt, so that a repetition is answered alike. */
function triesInWindow(tries: readonly number[], at: number, { kba }: Policy): number {
  return tries.filter((time) => time <= at && time > at - kba.windowSeconds * 1000).length;
}
