/** The words of one page: its texts in its language, with what is put into them. */
import { type PageTextKey, pageText, timeLeftText, waitText } from '../messages/page-texts.ts';
import { contactLink } from './contact-link.ts';
import { filled, type Html, html } from './html.ts';
import type { PageFrame } from './sign-in-page.ts';

export type Values = Readonly<Record<string, Html | string>>;

export interface Words {
  /** The text as HTML. Every text may name the organisation and the support line. */
  say(key: PageTextKey, values?: Values): Html;
  /** The text alone, for a title or an attribute. */
  plain(key: PageTextKey, values?: Readonly<Record<string, string>>): string;
  /** `4 minutes`, of so many seconds. */
  lasting(seconds: number): string;
  /** `in 28 seconds`, at `at`. */
  wait(at: number): string;
  /** Whole seconds from now until `at`, none if it is past. */
  seconds(at: number): number;
}

export function wordsOf({ branding, language, now }: PageFrame): Words {
  const always = {
    organisation: branding.organisation,
    supportContact: contactLink(branding.supportContact),
  };
  const seconds = (at: number) => Math.max(0, Math.ceil((at - now) / 1000));
  return {
    say: (key, values = {}) => filled(pageText(language, key), { ...always, ...values }),
    plain: (key, values = {}) =>
      pageText(language, key).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole),
    lasting: (left) => timeLeftText(left, language),
    wait: (at) => waitText(seconds(at), language),
    seconds,
  };
}

/** A mask or a number: read from left to right in every language, and never broken. */
export const piece = (text: string): Html => html`<bdi class="piece" dir="ltr">${text}</bdi>`;
