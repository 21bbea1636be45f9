/** A visit: who is at which PC's logon screen, in which language, and how far the dialogue is. */
import { type Choice, offeredChoices } from '../../shared/domain/dialogue/choices.ts';
import type { Dialogue } from '../../shared/domain/dialogue/dialogue.ts';
import { lettersAndDigits } from '../../shared/domain/text/letters-and-digits.ts';
import type { Prompt } from '../../shared/http/credential-provider.ts';
import { inOneLine, logonText, type Option, optionsText } from '../../shared/messages/logon-screen.ts';
import type { Locale } from '../../shared/messages/texts.ts';
import type { Ports } from './ports.ts';

export interface Visit {
  /** As it was typed, with its realm in front if the client named one. */
  readonly name: string;
  /** Whom challenges and recoveries belong to: the group of PCs. */
  readonly client: string;
  readonly locale: Locale;
  /** The PC's name, which is a hint for the person and no proof of anything. */
  readonly device: string | undefined;
  readonly dialogue: Dialogue;
}

export type Reply =
  | { readonly kind: 'accept' }
  | { readonly kind: 'challenge'; readonly prompt: Prompt }
  /** The prompt stays, with this message. */
  | { readonly kind: 'reject'; readonly message: string };

/** `raced`: another request of the same dialogue was quicker, and what it left is shown. */
export type StepReply = Reply | 'raced';

export const labelOf = ({ locale }: Visit, choice: Choice): string =>
  logonText(locale, `windows.choice.${choice}`);

/** The choices with their numbers, which are the same in every prompt. */
function numbered(visit: Visit, { policy, voice }: Ports): Option[] {
  return offeredChoices(policy, voice).map((choice, place) => ({
    number: place + 1,
    label: labelOf(visit, choice),
  }));
}

export function menu(visit: Visit, ports: Ports, ...leads: readonly string[]): Reply {
  const choices = optionsText(numbered(visit, ports), visit.locale);
  const message = inOneLine(...leads, logonText(visit.locale, 'windows.menu', { choices }));
  return { kind: 'challenge', prompt: { type: 'menu', message } };
}

/** The same choices beside what is asked now. @param again whether a new message can be asked for */
export function beside(visit: Visit, ports: Ports, again: boolean): string {
  const { locale } = visit;
  const own = again ? [{ label: againOnly(visit) }] : [];
  return optionsText([...own, ...numbered(visit, ports)], locale);
}

/** Beside the code of a recovery, which goes to one address. */
export const againOnly = ({ locale }: Visit): string => logonText(locale, 'windows.again');

/** Whether a text asks for another code by the same way. */
export function isAgain(visit: Visit, typed: string): boolean {
  const words = ['again', 'resend', 'new', againOnly(visit)];
  return words.map(lettersAndDigits).includes(lettersAndDigits(typed));
}

export const rejected = (...sentences: readonly string[]): Reply => ({
  kind: 'reject',
  message: inOneLine(...sentences),
});
