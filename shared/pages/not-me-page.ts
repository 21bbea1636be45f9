/** The pages behind the link in notices, "this was not me": asked once, stopped, or over. */

/** GET asks and changes nothing, because mail scanners open links; the form posts to the same path. */
export interface AskNotMePage {
  readonly page: 'not-me';
  /** The path of the link, with its token: the form's action. */
  readonly path: string;
}

/** Recoveries and codes are stopped. Sessions at applications go on, and the page says so. */
export interface StoppedPage {
  readonly page: 'stopped';
}

/** Ended, expired or forged: one answer. */
export interface LinkOverPage {
  readonly page: 'link-over';
}

export type NotMePage = AskNotMePage | StoppedPage | LinkOverPage | { readonly page: 'not-me-unavailable' };
