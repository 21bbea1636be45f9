/** Time as the domain is given it. */

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** Looks until there is something; `undefined` when a step of a workflow would have been there by then. */
export type PollUntil = <Found>(look: () => Promise<Found | undefined>) => Promise<Found | undefined>;
