/** Whether a challenge gets a new code, and by which method. */
import type { IssuePorts, ResendOutcome, ResendRequest, SendDecision } from './issue-otp.ts';
import {
  answered,
  countSend,
  newSend,
  nextSendOf,
  repeatReply,
  reservationOf,
  switchable,
} from './otp-send.ts';
import { profileOf } from './profile.ts';
import { addressKindOf, gapMilliseconds } from './sends.ts';
import { settle } from './settle.ts';
import { findChallenge, type OtpChallenge, type UserRecord, viewOf, winningGuess } from './user-record.ts';

export function decideResend(
  found: UserRecord,
  slot: string,
  request: ResendRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<ResendOutcome> {
  const { policy, keyring } = ports;
  const challenge = found.challenges[slot];
  if (findChallenge(found, slot, request.challengeId) === undefined)
    return { outcome: { kind: 'challenge-closed' } };
  const remembered = repeatReply(found, request.idempotency, now);
  if (remembered) return remembered;
  if (
    challenge?.id !== request.challengeId ||
    challenge.expiresAt <= now ||
    winningGuess(challenge, keyring) !== undefined
  ) {
    return { outcome: { kind: 'challenge-closed' } };
  }
  if (challenge.guesses.length >= challenge.attempts) return { outcome: { kind: 'attempts-exhausted' } };
  if (challenge.resendAt > now) {
    const { unqueued = false, delivery, method } = challenge.send;
    const repeated = unqueued && delivery === 'queued' && (request.method ?? method) === method;
    if (!repeated) return { outcome: { kind: 'rate-limited', retryAt: challenge.resendAt } };
    return answered(found, request.idempotency, viewOf(challenge), now, { requeue: challenge });
  }

  const record = settle(found, keyring, now, policy.lockout);
  const nextSend = nextSendOf(record, ports);
  if (nextSend > now) return { outcome: { kind: 'rate-limited', retryAt: nextSend } };
  const profile = profileOf('', record, keyring, ports, challenge.purpose);
  const method = request.method ?? challenge.send.method;
  const destination = profile.destination(method);
  const kind = addressKindOf(method);
  const { expiresAt, send, guesses } = challenge;
  const sendsInRow = challenge.sendsInRow + 1;
  const next: OtpChallenge = {
    ...challenge,
    settled: guesses.length,
    methods: challenge.methods.includes(method)
      ? challenge.methods
      : switchable(profile, method, challenge.purpose, ports),
    // A decoy keeps the mask it showed at the start: that one was made from the name, which is not known here.
    masked: destination.genuine ? { ...challenge.masked, [kind]: destination.masked } : challenge.masked,
    send: newSend(send.sequence + 1, method, guesses.length, { record, profile, expiresAt, now, ports }),
    sendsInRow,
    resendAt: now + gapMilliseconds(sendsInRow, policy.sends),
  };
  const challenges = { ...record.challenges, [slot]: next };
  return answered({ ...countSend(record, now, ports), challenges }, request.idempotency, viewOf(next), now, {
    send: {
      challenge: next,
      counter: destination.counter(),
      reservation: reservationOf(slot, challenge, record, keyring),
    },
  });
}
