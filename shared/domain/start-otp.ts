/** Whether a start opens a new challenge or finds the one that is open. */
import { newChallengeId } from './challenge-id.ts';
import { offeredMethods } from './contact.ts';
import { replayable } from './idempotency.ts';
import type { IssuePorts, SendDecision, StartOutcome, StartRequest } from './issue-otp.ts';
import { answered, newSend, repeatReply, reservationOf, switchable } from './otp-send.ts';
import type { Method } from './policy.ts';
import { profileOf } from './profile.ts';
import { gapMilliseconds } from './sends.ts';
import { settle } from './settle.ts';
import { type OtpChallenge, slotOf, type UserRecord, viewOf, winningGuess } from './user-record.ts';

export function decideStart(
  found: UserRecord,
  request: StartRequest,
  now: number,
  ports: IssuePorts,
): SendDecision<StartOutcome> {
  const { policy, keyring } = ports;
  const remembered = repeatReply(found, request.idempotency, now);
  if (remembered) return remembered;
  const record = settle(found, keyring, now, policy.lockout);
  const slot = slotOf(request.client, request.purpose);
  const previous = record.challenges[slot];
  const unsolved = previous !== undefined && winningGuess(previous, keyring) === undefined;
  const open = unsolved && previous.expiresAt > now ? previous : undefined;
  if (unsolved && previous.resendAt > now) {
    if (open === undefined) return { outcome: { kind: 'rate-limited', retryAt: previous.resendAt } };
    // Another recovery of the same person and client takes over the code that is on its way.
    const taken = { ...open, recovery: request.recovery };
    const view = viewOf(open);
    const requeue = open.send.delivery === 'queued' ? open : undefined;
    const owned = open.recovery === request.recovery ? record : withChallenge(record, slot, taken);
    return answered(owned, request.idempotency, view, now, { requeue, changed: owned !== record });
  }

  const profile = profileOf(request.userId, record, keyring, ports, request.purpose);
  const method =
    request.method ??
    profile.methods[0] ??
    (offeredMethods(policy, ports.voice, request.purpose)[0] as Method);
  const expiresAt = now + policy.otp.lifetimeSeconds * 1000;
  const sendsInRow = (open?.sendsInRow ?? 0) + 1;
  const challenge: OtpChallenge = {
    id: newChallengeId({ kind: 'otp', purpose: request.purpose, locator: record.locator }),
    client: request.client,
    purpose: request.purpose,
    recovery: request.recovery,
    expiresAt,
    digits: policy.otp.digits,
    attempts: policy.otp.attempts,
    locale: request.locale ?? profile.locale ?? ports.defaultLocale,
    methods: switchable(profile, method, request.purpose, ports),
    masked: { phone: profile.destination('SMS').masked, email: profile.destination('Email').masked },
    send: newSend(1, method, 0, { record, profile, expiresAt, now, ports }),
    sendsInRow,
    resendAt: now + gapMilliseconds(sendsInRow, policy.sends),
    requests: [],
    guesses: [],
    settled: 0,
  };
  const challenges = { ...record.challenges, [slot]: challenge };
  return answered(
    { ...record, challenges, past: replayable(previous, record, now) },
    request.idempotency,
    viewOf(challenge),
    now,
    {
      send: {
        challenge,
        counter: profile.destination(method).counter(),
        reservation: reservationOf(slot, previous, record, keyring),
      },
    },
  );
}

function withChallenge(record: UserRecord, slot: string, challenge: OtpChallenge): UserRecord {
  return { ...record, challenges: { ...record.challenges, [slot]: challenge } };
}
