/**
 * The pages of the sign-in door as values: one member for each thing that a person may be shown. A page is a function
 * of its session's state, so the same state shows the same page after a reload, on the way back and in a second tab.
 *
 * Times are epoch milliseconds. Nothing here is escaped, and nothing here is secret but the token of `answer`.
 */
import type { Method } from '../domain/policy/policy.ts';
import type { RecoveryPath } from '../domain/policy/recovery-paths.ts';
import type { Language } from '../domain/text/language.ts';

/** What a deployment looks like, as its stage says. */
export interface Branding {
  readonly organisation: string;
  readonly supportContact: string;
  /** `#rrggbb`. Shades of it that can be read are chosen for light and for dark. */
  readonly colour?: string | undefined;
  /** A `data:` URI of an SVG or a PNG. */
  readonly logo?: string | undefined;
}

/** What every page has. */
export interface PageFrame {
  readonly branding: Branding;
  readonly language: Language;
  /** Now, by the clock of the door: waits and life times on the page count from here. */
  readonly now: number;
}

/** The session that a page belongs to. */
export interface PageSession {
  readonly handle: string;
  /** Comes back in every form's `step`. It changes with each change of the session's state. */
  readonly step: string;
  /** The name that the client gave, as it gave it, so that people see whom they are signing in. */
  readonly person: string;
  /** When the session is over, by itself. */
  readonly endsAt: number;
}

/** A method on offer. One that is out of order is shown with the reason and cannot be chosen. */
export interface OfferedMethod {
  readonly method: Method;
  /** Masked. */
  readonly destination: string;
  readonly outOfOrder?: boolean;
}

/** What went wrong with the last form, said above the field and again beside it. */
export type CodeProblem =
  /** Wrong, expired or replaced: nobody learns which. */
  | 'rejected'
  /** No code of that length was in what was typed. It costs no attempt. */
  | 'malformed'
  /** The field was empty. It costs no attempt. */
  | 'missing';

/** Why no new code left. The one before still works. */
export type ResendProblem =
  /** Before `resendAt`. */
  | 'too-early'
  /** Too many messages; the page says until `resendAt`. */
  | 'too-many'
  | 'unavailable';

/** Enter the code that was sent. A recovery's code has the same page, with its `progress`. */
export interface CodePage {
  readonly page: 'code';
  readonly session: PageSession;
  readonly method: Method;
  /** Masked. */
  readonly destination: string;
  readonly codeLength: number;
  readonly expiresAt: number;
  /** From then on another code may be asked for. */
  readonly resendAt: number;
  readonly attemptsRemaining: number;
  readonly delivery: 'queued' | 'sent' | 'failed';
  /** A code was sent again, so the page says that the one before is dead. */
  readonly resent?: boolean;
  readonly problem?: CodeProblem | ResendProblem | undefined;
  /** Whether `/ways` has anything to offer beside this: other methods or recoveries. */
  readonly otherWays: boolean;
  readonly progress?: Progress | undefined;
}

/** The place of a step in a recovery: 1 of 2. Absent where there is one step only. */
export interface Progress {
  readonly step: number;
  readonly of: number;
}

/** Choose how to get the code. Nothing has been sent yet, unless `current` says by what. */
export interface ChoosePage {
  readonly page: 'choose';
  readonly session: PageSession;
  readonly methods: readonly OfferedMethod[];
  /** The method of the code that is out: the page is "another way" then, with the way back to the code. */
  readonly current?: Method | undefined;
  readonly recoveries: boolean;
  /** `not-chosen`: the form came without a method. The others: no code left by the method that was chosen. */
  readonly problem?: 'not-chosen' | 'unavailable' | ChooseWait | undefined;
}

/** The method that was chosen may not be used before `until`. */
export interface ChooseWait {
  readonly kind: 'too-many';
  readonly until: number;
}

/** "I can't use any of these": the recoveries that policy offers. */
export interface RecoveriesPage {
  readonly page: 'recoveries';
  readonly session: PageSession;
  readonly paths: readonly RecoveryPath[];
  /** Whether there is a page to go back to: the choice of methods, or the code. */
  readonly back: boolean;
  readonly problem?: 'not-chosen' | 'unavailable' | ChooseWait | undefined;
}

/** Security questions. */
export interface QuestionsPage {
  readonly page: 'questions';
  readonly session: PageSession;
  /** In the order of `answer-1`, `answer-2`, …; texts in the language of the page or of the person. */
  readonly questions: readonly string[];
  readonly attemptsRemaining?: number | undefined;
  /** `missing` names the places, from 0 on, of the questions without an answer that counts. */
  readonly problem?:
    | 'rejected'
    | { readonly kind: 'missing'; readonly places: readonly number[] }
    | undefined;
  readonly progress?: Progress | undefined;
}

export interface BackupCodePage {
  readonly page: 'backup-code';
  readonly session: PageSession;
  readonly problem?: CodeProblem | undefined;
  readonly otherWays: boolean;
}

/** A step is on its way. Without JavaScript the page asks again by itself. */
export interface WaitingPage {
  readonly page: 'waiting';
  readonly session: PageSession;
}

/** This challenge or recovery is spent, and another may begin at once by `/ways`. */
export interface SpentPage {
  readonly page: 'spent';
  readonly session: PageSession;
  readonly what: 'code' | 'questions' | 'backup-code' | 'recovery';
  readonly otherWays: boolean;
}

/** No attempt is allowed: until a time, or until the help desk unlocks the person. */
export interface LockedPage {
  readonly page: 'locked';
  readonly session: PageSession;
  /** `undefined`: until the help desk unlocks. */
  readonly until?: number | undefined;
}

/** The message did not leave, and no other method took it over. */
export interface DeliveryFailedPage {
  readonly page: 'delivery-failed';
  readonly session: PageSession;
  readonly method: Method;
  readonly destination: string;
  readonly otherWays: boolean;
}

/** Nothing is on offer for this sign-in: no method, no recovery. The help desk is the way. */
export interface NoWayPage {
  readonly page: 'no-way';
  readonly session: PageSession;
  /** Whether there is a page to go back to. */
  readonly back: boolean;
}

/** A dependency does not answer. Nothing was accepted; the same may be tried again. */
export interface OutOfOrderPage {
  readonly page: 'out-of-order';
  /** Absent where not even the session could be read. */
  readonly session?: PageSession | undefined;
}

/** How a sign-in ended. `unknown-person`: the client vouched for somebody whom nobody enrolled here. */
export type Outcome =
  | 'verified'
  | 'gave-up'
  | 'unavailable'
  | 'nothing-to-offer'
  | 'unknown-person'
  | 'failed';

/** The way back by a link: the redirect of OAuth as a page, since `form-action` would stop a redirect after a form. */
export interface WayBackPage {
  readonly page: 'way-back';
  readonly outcome: Outcome;
  /** The registered redirect URI with its answer in the query. */
  readonly url: string;
  /** How the client is called, for the link. */
  readonly clientName?: string | undefined;
}

/** The way back by a form that the browser posts to another origin: Entra's `form_post`. */
export interface AnswerPage {
  readonly page: 'answer';
  readonly outcome: Outcome;
  /** One of the registered URIs. The page's policy lets forms go to its origin and nowhere else. */
  readonly action: string;
  /** `id_token` and `state`, or `error` and `state`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly clientName?: string | undefined;
}

/** The session is over, or not this browser's. Nothing tells which. */
export interface SessionOverPage {
  readonly page: 'session-over';
}

/** A request that cannot be trusted to return anywhere, or makes no sense. */
export interface ErrorPage {
  readonly page: 'error';
  readonly reason: /** No pushed request, a used one, or one of a client that is not registered. */
    | 'unknown-request'
    /** A hint that is foreign, old, of another tenant, or used. */
    | 'refused-hint'
    /** A form that came from another origin. */
    | 'foreign-form'
    /** A form that no page of ours posts: too large, or without an act. */
    | 'bad-form'
    | 'not-found';
  /** A word that the help desk can look up in the log, for example the id of the request. */
  readonly reference?: string | undefined;
}

export type SignInPage =
  | ChoosePage
  | CodePage
  | RecoveriesPage
  | QuestionsPage
  | BackupCodePage
  | WaitingPage
  | SpentPage
  | LockedPage
  | DeliveryFailedPage
  | NoWayPage
  | OutOfOrderPage
  | WayBackPage
  | AnswerPage
  | SessionOverPage
  | ErrorPage;

/** A page, ready to be answered with. */
export interface RenderedPage {
  readonly statusCode: number;
  /** Names in lower case: type, Content-Security-Policy, no-store and the rest. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
