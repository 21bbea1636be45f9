/** The support line of a deployment, as something to press where it is an address or a number. */
import { readEmailAddress } from '../domain/text/email-address.ts';
import { type Html, html } from './html.ts';

/** @param contact as the stage has it: an email address, a phone number, an `https` address, or words */
export function contactLink(contact: string): Html {
  const text = contact.trim();
  const email = readEmailAddress(text);
  if (email !== undefined) return linked(`mailto:${email}`, text);
  if (/^\+?[\d\s()./-]{5,}$/.test(text)) return linked(`tel:${text.replace(/[^\d+]/g, '')}`, text);
  if (/^https:\/\/[^\s"<>]+$/.test(text)) return linked(text, text.replace(/^https:\/\//, ''));
  return html`<bdi>${text}</bdi>`;
}

const linked = (address: string, text: string): Html => html`<a href="${address}" dir="ltr">${text}</a>`;
