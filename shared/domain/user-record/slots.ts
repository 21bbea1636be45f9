/** Slots: where a record keeps a session's challenge, and how many sessions of a person it bears. */
import { challengeKeyOf, type KbaChallenge, type OtpChallenge } from './challenge.ts';

/** Of a person, client and purpose. With more the record would grow as somebody else likes. */
const mostSlots = 4;

/** Whose challenges are counted together. */
export interface Group {
  readonly client: string;
  readonly purpose: OtpChallenge['purpose'];
}

type Challenges<C> = Readonly<Record<string, C>>;

/** The challenges of all sessions of a client and purpose. */
export function challengesOf<C extends Group>(challenges: Challenges<C>, { client, purpose }: Group): C[] {
  return Object.values(challenges).filter(
    (challenge) => challenge.client === client && challenge.purpose === purpose,
  );
}

export interface Placed<C> {
  readonly challenges: Challenges<C>;
  /** What no longer stands in the record: the session's one before, and the oldest of more than four. */
  readonly gone: readonly C[];
}

/**
 * Puts a challenge into the slot of its session. Where there are more than four, the oldest that is over goes, or else
 * the oldest of all.
 */
export function withChallenge<C extends OtpChallenge | KbaChallenge>(
  before: Challenges<C>,
  challenge: C,
  isOver: (other: C) => boolean,
): Placed<C> {
  const challengeKey = challengeKeyOf(challenge.client, challenge);
  const own = before[challengeKey];
  const others = challengesOf(before, challenge).filter((other) => other !== own);
  const oldestFirst = others.toSorted(
    (one, other) => Number(isOver(other)) - Number(isOver(one)) || one.startedAt - other.startedAt,
  );
  const gone = [...(own ? [own] : []), ...oldestFirst.slice(0, Math.max(0, others.length + 1 - mostSlots))];
  const kept = Object.entries(before).filter(([, other]) => !gone.includes(other));
  return { challenges: { ...Object.fromEntries(kept), [challengeKey]: challenge }, gone };
}
