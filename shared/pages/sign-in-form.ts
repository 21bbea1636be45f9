/**
 * What the sign-in page's forms post, and where: the agreement between the pages and the door that reads them.
 *
 * Every form posts to the path of its session, as `application/x-www-form-urlencoded`, and says in `act` what the
 * person did. `step` comes back as the page was given it, so that a page left open elsewhere changes nothing.
 */

/** Which other fields come with each act. `code` is what was typed or pasted: digits, or a whole SMS that holds them. */
export const signInFields = {
  /** Send a code by `method`: the first one, or by another method than the last. */
  method: ['method'],
  code: ['code'],
  resend: [],
  /** Begin the recovery by `path`. */
  recovery: ['path'],
  /** One field `answer-1`, `answer-2`, … for each question, in the order in which they stand on the page. */
  answers: [],
  'backup-code': ['code'],
  'give-up': [],
} as const satisfies Record<string, readonly string[]>;

export type SignInAct = keyof typeof signInFields;

/** @param place the place of the question on the page, from 0 on */
export const answerField = (place: number): string => `answer-${place + 1}`;

/** The paths of one session. `here` shows what is due and takes every form; the others only show a choice. */
export const signInPaths = (handle: string) =>
  ({
    here: `/sign-in/${handle}`,
    /** Another way: the page `choose` with the way back to `here`. */
    ways: `/sign-in/${handle}/ways`,
    /** "I can't use any of these": the page `recoveries`, or `no-way` where policy offers none. */
    recoveries: `/sign-in/${handle}/recoveries`,
  }) as const;
