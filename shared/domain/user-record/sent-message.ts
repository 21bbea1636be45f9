/** Messages with codes as a record counts them: when, through which door, and whether the code was used. */

export interface SentMessage {
  /** When it was asked for; epoch milliseconds. */
  readonly at: number;
  /** See `doorOf`. */
  readonly door: string;
  /** Stands for the number or address; see `destinationMark`. */
  readonly to: string;
  /** Its code was right: it left its door's share, and stays in all that is counted of the person. */
  readonly used?: true | undefined;
}

/** Marks the messages whose codes were right, by the time and the door of each. */
export function withUsed(
  sent: readonly SentMessage[],
  used: readonly Pick<SentMessage, 'at' | 'door'>[],
): readonly SentMessage[] {
  const isNew = ({ used: known, ...message }: SentMessage) =>
    !known && used.some(({ at, door }) => at === message.at && door === message.door);
  if (!sent.some(isNew)) return sent;
  return sent.map((message) => (isNew(message) ? { ...message, used: true } : message));
}
