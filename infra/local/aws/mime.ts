/** Reads the parts of an internet message (RFC 5322, MIME) that the outbox shows. */
import PostalMime, { addressParser } from 'postal-mime';

export interface ParsedMail {
  readonly from: string | undefined;
  /** Bare addresses of To, Cc and Bcc. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

/** Multiparts inside multiparts: real messages need three or four levels. */
const deepestNesting = 10;

/** @throws {Error} when the message nests deeper, or its headers are longer than any message's. */
export async function parseMail(raw: Buffer): Promise<ParsedMail> {
  const {
    headers,
    subject = '',
    text,
    html,
  } = await PostalMime.parse(raw, {
    maxNestingDepth: deepestNesting,
  });
  const header = (name: string) => headers.find(({ key }) => key === name)?.value;
  return {
    from: header('from'),
    recipients: ['to', 'cc', 'bcc'].flatMap((name) => addresses(header(name) ?? '')),
    subject,
    text: withoutLastLineEnd(text),
    html: withoutLastLineEnd(html),
  };
}

/**
 * `Ann <ann@example.com>, bob@example.com` becomes the two bare addresses.
 * Names without an address, and words around one that has no brackets, are left in for SES to refuse.
 */
export function addresses(list: string): string[] {
  return addressParser(list, { flatten: true }).map(({ name, address = '' }) =>
    name === '' || list.includes(`<${address}>`) ? address : `${name} ${address}`.trim(),
  );
}

/** The parser ends every text with one, whether or not the message did. */
const withoutLastLineEnd = (text: string | undefined) => text?.replace(/\n$/, '');
