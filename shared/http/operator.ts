/** The operator at the help desk: the fields by which a request names one, and how the token's claim comes first. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { foldUserId } from '../domain/identifiers/user-id.ts';
import { visibleLine } from '../domain/text/visible-line.ts';
import { line } from './line.ts';
import { optional } from './optional.ts';
import { problem } from './problem.ts';
import { Answered, invalid, type TokenReading } from './request.ts';

const text = (most: number) => line(1, most, `Use 1 to ${most} characters.`);

const mostOperatorCharacters = 128;
const operatorShape = `Name the operator in 1 to ${mostOperatorCharacters} characters that can be seen.`;

/**
 * However the help desk's system names people, `Bob O'Neil <bob@desk.example>` included. A name of the person acted on
 * is still found in it.
 */
export const operatorName = z.pipe(
  line(1, mostOperatorCharacters, operatorShape),
  z.transform((text: string, context) => {
    const name = visibleLine(text, mostOperatorCharacters);
    if (name !== '') return name;
    context.issues.push({ code: 'custom', message: operatorShape, input: text });
    return z.NEVER;
  }),
);

/** Left out where a claim of the token names the operator. */
export const operator = optional(operatorName);
/** Why, in the help desk's own words; of codes it is kept, encrypted beside them. */
export const reason = text(256);
export const ticket = optional(text(64));

/**
 * A digest of the ticket, to match a log line with a ticket that is known. The digest has no key: whoever tries out all
 * numbers finds the ticket.
 */
export function ticketForLog({ ticket }: { readonly ticket?: string | undefined }): {
  readonly ticket?: string;
} {
  return ticket === undefined ? {} : { ticket: createHash('sha256').update(ticket).digest('base64url') };
}

interface Asking {
  readonly operator?: string | undefined;
}

/**
 * The operator of a request: the token's claim where the stage has one, else the field. A field that names somebody
 * else than the claim is a slip or a pretence, and is refused.
 *
 * @throws {Answered} when nobody is named
 */
export function operatorFrom(
  { operator: claimed }: Asking,
  { operator: named }: Asking,
  { operatorClaim }: Pick<TokenReading, 'operatorClaim'>,
): string {
  if (operatorClaim === undefined) {
    if (named === undefined) throw invalid([{ pointer: '/operator', detail: 'Name the operator who asks.' }]);
    return named;
  }
  if (claimed === undefined) {
    const detail = `The access token names no operator by ${operatorClaim}. Use the token of a signed-in person.`;
    throw new Answered(problem('forbidden', { detail }));
  }
  if (named !== undefined && foldUserId(named) !== foldUserId(claimed)) {
    throw invalid([{ pointer: '/operator', detail: 'Leave it out: the access token names the operator.' }]);
  }
  return claimed;
}
