/** Email addresses as SES takes them: RFC 5321 with a host name, and an ASCII local part. */
import { domainToASCII } from 'node:url';
import { withoutInvisible } from './invisible.ts';

const atoms = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const localPart = new RegExp(`^(?=.{1,64}$)${atoms}(?:\\.${atoms})*$`); // RFC 5321 §4.5.3.1.1
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'; // RFC 1123 §2.1
const domainName = new RegExp(`^(?:${label}\\.)+(?![0-9]+$)${label}$`);
const mostCharacters = 254; // RFC 5321 §4.5.3.1.3

/** The address as it is sent to: a domain of other scripts in Punycode, the local part as it was given. */
export function readEmailAddress(typed: string): string | undefined {
  const text = withoutInvisible(typed).trim();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  const domain = asciiDomain(text.slice(at + 1));
  const address = `${local}@${domain}`;
  if (domain === undefined || !localPart.test(local) || address.length > mostCharacters) return undefined;
  return address;
}

/** A domain name in ASCII; `undefined` for what is none, such as a single label or a number. */
export function asciiDomain(name: string): string | undefined {
  if (name.length > mostCharacters) return undefined;
  const ascii = /^[\x21-\x7e]*$/.test(name) ? name : domainToASCII(name);
  return domainName.test(ascii) ? ascii : undefined;
}

/** A sender: an address, or a display name with an address in angle brackets. */
export interface Sender {
  readonly name?: string;
  readonly address: string;
}

export function readSender(text: string): Sender | undefined {
  const given = text.trim();
  const open = given.endsWith('>') ? given.indexOf('<') : -1;
  const address = readEmailAddress(open < 0 ? given : given.slice(open + 1, -1));
  const before = given.slice(0, Math.max(0, open)).trim();
  const name = /^".*"$/s.test(before) && before.length > 1 ? before.slice(1, -1).trim() : before;
  if (address === undefined || unusual.test(name)) return undefined;
  return name === '' ? { address } : { name, address };
}

/** What a display name has no use for, and what would have to be escaped in it. */
const unusual = /["<>\\\p{Cc}\p{Zl}\p{Zp}]/u;

/** The sender as the head of a message has it: a name beyond ASCII as encoded words (RFC 2047). */
export function senderHeader({ name, address }: Sender): string {
  if (name === undefined) return address;
  const isPlain = /^[\x20-\x7e]*$/.test(name);
  return `${isPlain ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodedWords(name)} <${address}>`;
}

const mostEncodedBytes = 45; // RFC 2047 §2: an encoded word has at most 75 characters

function encodedWords(name: string): string {
  const words: string[] = [];
  for (const character of name) {
    const longer = `${words.at(-1) ?? ''}${character}`;
    if (words.length > 0 && Buffer.byteLength(longer) <= mostEncodedBytes) words[words.length - 1] = longer;
    else words.push(character);
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}
