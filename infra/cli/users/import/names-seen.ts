/** Which line gave a name to somebody: the second row that does is refused. */
import { createHash } from 'node:crypto';
import { foldUserId } from '../../../../shared/domain/identifiers/user-id.ts';
import type { Refusal, Wish } from './wish-of-row.ts';

/** Some 90 bytes a name: a row keeps no more than that. */
export class NamesSeen {
  readonly #lines = new Map<string, number>();

  /** @returns why the row is refused, if an earlier one has one of its names */
  claim({ userId, fields }: Wish, line: number): Refusal | undefined {
    const aliases = Array.isArray(fields['aliases']) ? fields['aliases'].map(String) : [];
    const keys = [userId, ...aliases].map(keyOf);
    const taken = keys.findIndex((key) => this.#lines.has(key));
    if (taken === 0)
      return { field: 'userId', reason: `Line ${this.#lines.get(keys[0] ?? '')} has this name already.` };
    if (taken > 0)
      return {
        field: 'aliases',
        reason: `Line ${this.#lines.get(keys[taken] ?? '')} has one of these names already.`,
      };
    for (const key of keys) this.#lines.set(key, line);
    return undefined;
  }
}

const keyOf = (name: string): string =>
  createHash('sha256').update(foldUserId(name)).digest().toString('base64', 0, 12); // no part of a longer text, which would stay too
