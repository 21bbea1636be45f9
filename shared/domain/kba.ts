/** Security questions: putting them to a person, and one verdict on all answers together. */

import { normaliseAnswer } from './answers.ts';
import { newChallengeId, type Purpose, readChallengeId } from './challenge-id.ts';
import { sameDigest } from './code.ts';
import { type Idempotency, recallReply, rememberedFor, rememberReply } from './idempotency.ts';
import { type Keyring, keyed } from './keyring.ts';
import { lockOf } from './lockout.ts';
import type { Policy } from './policy.ts';
import { type Clock, type Spend, Unavailable, type UserStore } from './ports.ts';
import {
  catalogue,
  chooseQuestions,
  type EnrolledQuestion,
  enrolQuestion,
  openQuestions,
  sealQuestions,
} from './questions.ts';
import { isCurrentHash, matchesSlowHash, noHash } from './slow-hash.ts';
import { type Decision, updateUser } from './update-user.ts';
import { locatorOf } from './user-id.ts';
import { forgive, type KbaChallenge, type KbaView, settle, slotOf, type UserRecord } from './user-record.ts';
import { refusalOf } from './verify-otp.ts';

export interface KbaPorts {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly policy: Policy;
}

export interface AskRequest {
  readonly userId: string;
  readonly client: string;
  readonly purpose: Purpose;
  /** The recovery that it is a step of. */
  readonly recovery?: string | undefined;
  readonly idempotency?: Idempotency | undefined;
}

/** The wording is the caller's to find: by its id in the catalogue, or here where it is the organisation's own. */
export interface AskedQuestion {
  readonly questionId: string;
  readonly text?: string | undefined;
}

export type AskOutcome =
  | { readonly kind: 'questions'; readonly view: KbaView; readonly questions: readonly AskedQuestion[] }
  | { readonly kind: 'fallback-disabled' | 'conflict' }
  | { readonly kind: 'rate-limited'; readonly retryAt: number };

export interface GivenAnswer {
  readonly questionId: string;
  readonly answer: string;
}

export interface CheckRequest {
  readonly challengeId: string;
  readonly client: string;
  readonly answers: readonly GivenAnswer[];
  readonly request: string;
}

export interface VerifiedAnswers {
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
  | { readonly kind: 'attempts-exhausted'; readonly retryAt?: number }
  | { readonly kind: 'challenge-closed' | 'conflict' | 'fallback-disabled' };

/** Milliseconds: answering takes longer than typing a code. */
const lifetime = 600_000;

/**
 * Puts the questions. The same ones every time until they were answered; for a name that is not enrolled, ones
 * that are as stable. A new challenge closes the old one of this user, client and purpose. Two DynamoDB requests.
 */
export async function askQuestions(request: AskRequest, ports: KbaPorts): Promise<AskOutcome> {
  if (ports.policy.mode === 'DirectFidoAuth') return { kind: 'fallback-disabled' };
  const locator = locatorOf(request.userId);
  const { outcome } = await updateUser(ports.users, locator, (record) => decideAsk(record, request, ports));
  return outcome;
}

function decideAsk(found: UserRecord, request: AskRequest, ports: KbaPorts): Decision<AskOutcome> {
  const { policy, keyring, clock } = ports;
  const now = clock.now();
  const reply = recallReply(found, request.idempotency, now);
  if (reply && reply.body !== request.idempotency?.body) return { outcome: { kind: 'conflict' } };
  const enrolled = questionsOf(found, keyring);
  if (reply) return { outcome: asked(reply.view as KbaView, enrolled) };

  const record = settle(found, keyring, now, policy.lockout);
  const slot = slotOf(request.client, request.purpose);
  const challenge: KbaChallenge = {
    id: newChallengeId({ kind: 'kba', purpose: request.purpose, locator: record.locator }),
    client: request.client,
    purpose: request.purpose,
    recovery: request.recovery,
    expiresAt: now + lifetime,
    attempts: policy.kba.tries,
    asked:
      record.securityQuestions?.asked ??
      chooseQuestions(catalogue, policy.kba.questions, record.locator, '', keyring),
    requests: [],
    guesses: [],
    settled: 0,
  };
  const view: KbaView = { challengeId: challenge.id, asked: challenge.asked, expiresAt: challenge.expiresAt };
  const opened = { ...record, kbaChallenges: { ...record.kbaChallenges, [slot]: challenge } };
  const after = request.idempotency ? rememberReply(opened, request.idempotency, view, now) : opened;
  if (after === undefined) return { outcome: { kind: 'rate-limited', retryAt: now + rememberedFor } };
  return { outcome: asked(view, enrolled), after };
}

function asked(view: KbaView, enrolled: readonly EnrolledQuestion[]): AskOutcome {
  const wording = new Map(enrolled.map(({ questionId, text }) => [questionId, text]));
  const questions = view.asked.map((questionId) => ({ questionId, text: wording.get(questionId) }));
  return { kind: 'questions', view, questions };
}

function questionsOf(record: UserRecord, keyring: Keyring): readonly EnrolledQuestion[] {
  return record.securityQuestions
    ? openQuestions(record.securityQuestions.sealed, record.locator, keyring)
    : [];
}

/**
 * Judges all answers together, in the same time whichever are wrong. The try is spent before anything is
 * compared. One DynamoDB request for wrong answers, two for right ones, two when the try could not be spent.
 */
export async function checkAnswers(request: CheckRequest, ports: KbaPorts): Promise<CheckOutcome> {
  const { users, clock, keyring, policy } = ports;
  if (policy.mode === 'DirectFidoAuth') return { kind: 'fallback-disabled' };
  const address = readChallengeId(request.challengeId);
  if (address?.kind !== 'kba') return { kind: 'challenge-closed' };
  const slot = slotOf(request.client, address.purpose);
  const now = clock.now();
  const spend: Spend = {
    on: { kind: 'kbaChallenges', slot, challengeId: request.challengeId },
    request: request.request,
    guess: { digest: digestOf(request, keyring.current, keyring), key: keyring.current, at: now },
  };
  for (let round = 0; round < 2; round += 1) {
    const spent = await users.spend(address.locator, spend);
    if (spent) return judge(spent, slot, request, ports);
    const record = await users.read(address.locator);
    const challenge = record?.kbaChallenges[slot];
    if (record === undefined || challenge?.id !== request.challengeId) return { kind: 'challenge-closed' };
    if (challenge.requests.includes(request.request)) return judge(record, slot, request, ports);
    const settled = settle(record, keyring, now, policy.lockout);
    const refusal = explainRefusal(settled, challenge, now, policy);
    if (refusal) return refusal;
    await users.write(record, settled);
  }
  throw new Unavailable('the user record, written by many at once,');
}

/** The verdict on a try that is in the record; a repetition of the request comes to the same. */
async function judge(
  record: UserRecord,
  slot: string,
  request: CheckRequest,
  ports: KbaPorts,
): Promise<CheckOutcome> {
  const { users, keyring, policy } = ports;
  const challenge = record.kbaChallenges[slot];
  const place = challenge?.requests.indexOf(request.request) ?? -1;
  const guess = challenge?.guesses[place];
  if (challenge === undefined || guess === undefined) return { kind: 'challenge-closed' };
  if (!sameDigest(guess.digest, digestOf(request, guess.key, keyring))) return { kind: 'conflict' };
  const enrolled = questionsOf(record, keyring);
  const right = await allRight(challenge, enrolled, request.answers, keyring);
  if (!right || record.enrolment?.enabled !== true) {
    const left = Math.min(
      challenge.attempts - place - 1,
      policy.kba.tries - triesInWindow(record, guess.at, policy),
    );
    return { kind: 'code-rejected', attemptsRemaining: Math.max(0, left), recovery: challenge.recovery };
  }
  const upgraded = await upgrade(enrolled, request.answers, keyring);
  const { outcome } = await updateUser(
    users,
    record.locator,
    (latest) => decideVerified(latest, slot, request, guess.at, upgraded, ports),
    { from: record },
  );
  return outcome;
}

/** Of several right requests, the one whose write makes the challenge verified wins. */
function decideVerified(
  found: UserRecord,
  slot: string,
  { challengeId, request }: CheckRequest,
  at: number,
  upgraded: readonly EnrolledQuestion[],
  { keyring, clock, policy }: KbaPorts,
): Decision<CheckOutcome> {
  const challenge = found.kbaChallenges[slot];
  const { enrolment, securityQuestions } = found;
  if (challenge?.id !== challengeId || enrolment?.enabled !== true || securityQuestions === undefined) {
    return { outcome: { kind: 'challenge-closed' } };
  }
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
    return { outcome: challenge.verified === request ? outcome : { kind: 'challenge-closed' } };
  }
  const settled = forgive(settle(found, keyring, clock.now(), policy.lockout), at, 'kba');
  const verified = { ...(settled.kbaChallenges[slot] as KbaChallenge), verified: request };
  const ids = upgraded.map(({ questionId }) => questionId);
  return {
    outcome,
    after: {
      ...settled,
      kbaTries: settled.kbaTries.filter((time) => time !== at),
      kbaChallenges: { ...settled.kbaChallenges, [slot]: verified },
      securityQuestions: {
        sealed: sealQuestions(upgraded, found.locator, keyring),
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
      return matchesSlowHash(given.get(questionId) ?? '', salt, keyring.key('answer', key), hash);
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

function explainRefusal(
  record: UserRecord,
  challenge: KbaChallenge,
  now: number,
  policy: Policy,
): CheckOutcome | undefined {
  if (challenge.expiresAt <= now || challenge.verified !== undefined) return { kind: 'challenge-closed' };
  const oldest = record.kbaTries[policy.kba.tries - 1];
  const until = oldest === undefined ? 0 : oldest + policy.kba.windowSeconds * 1000;
  if (until > now) return { kind: 'attempts-exhausted', retryAt: until };
  if (challenge.guesses.length >= challenge.attempts) return { kind: 'attempts-exhausted' };
  return refusalOf(lockOf(record, now, policy.lockout));
}

function triesInWindow({ kbaTries }: UserRecord, now: number, { kba }: Policy): number {
  return kbaTries.filter((at) => at > now - kba.windowSeconds * 1000).length;
}

function digestOf({ challengeId, answers }: CheckRequest, key: number, keyring: Keyring): string {
  const parts = answers.flatMap(({ questionId, answer }) => [questionId, normaliseAnswer(answer)]);
  return keyed(keyring.key('guess', key), challengeId, ...parts)
    .subarray(0, 16)
    .toString('base64url');
}
