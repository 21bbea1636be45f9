/** The sender of emails: the address that rights are given for, and the whole as messages carry it. */
import { readSender, senderHeader } from '../../shared/domain/text/email-address.ts';
import type { Stage } from '../configuration/stage.ts';

/** @param email validated with the stage */
export function senderOf({ email }: Pick<Stage, 'email'>): {
  readonly address: string;
  readonly header: string;
} {
  const sender = readSender(email.from) ?? { address: email.from };
  return { address: sender.address, header: senderHeader(sender) };
}
