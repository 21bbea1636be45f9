/** Reads the parts of an internet message (RFC 5322, MIME) that the outbox shows. */

export interface ParsedMail {
  readonly from: string | undefined;
  /** Bare addresses of To, Cc and Bcc. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

type Headers = ReadonlyMap<string, string>;

/** Multiparts inside multiparts: real messages need three or four levels. */
const deepestNesting = 10;

export function parseMail(raw: Buffer): ParsedMail {
  // One character per byte, so that parts keep their own encoding until it is known.
  const message = raw.toString('latin1');
  const { headers } = split(message);
  const texts = new Map<string, string>();
  collect(message, texts, 0);
  const recipients = ['to', 'cc', 'bcc'].flatMap((name) => addresses(headers.get(name) ?? ''));
  return {
    from: headers.get('from'),
    recipients,
    subject: decodeWords(headers.get('subject') ?? ''),
    text: texts.get('text/plain'),
    html: texts.get('text/html'),
  };
}

/** `Ann <ann@example.com>, bob@example.com` becomes the two bare addresses. */
export function addresses(list: string): string[] {
  const bare = list.replace(/"(?:[^"\\]|\\.)*"/g, '').split(',');
  return bare.map((each) => (/<([^>]*)>/.exec(each)?.[1] ?? each).trim()).filter((each) => each !== '');
}

function split(message: string): { headers: Headers; body: string } {
  const end = /\r?\n\r?\n/.exec(message);
  const head = end === null ? message : message.slice(0, end.index);
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { headers, body: end === null ? '' : message.slice(end.index + end[0].length) };
}

/** Keeps the first part of each type. */
function collect(message: string, texts: Map<string, string>, depth: number): void {
  const { headers, body } = split(message);
  const contentType = headers.get('content-type') ?? 'text/plain';
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const boundary = parameter(contentType, 'boundary');
  if (type.startsWith('multipart/') && boundary !== undefined) {
    if (depth === deepestNesting) return;
    for (const part of `\n${body}`.split(`\n--${boundary}`).slice(1)) {
      if (part.startsWith('--')) return; // the closing delimiter
      // The line break before a delimiter belongs to the delimiter.
      collect(part.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''), texts, depth + 1);
    }
    return;
  }
  if (texts.has(type)) return;
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? '7bit';
  texts.set(
    type,
    new TextDecoder(parameter(contentType, 'charset') ?? 'utf-8').decode(decodeBody(body, encoding)),
  );
}

function parameter(contentType: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(contentType);
  return found?.[1] ?? found?.[2];
}

function decodeBody(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding === 'quoted-printable') return quotedPrintable(body.replace(/=[ \t]*\r?\n/g, ''));
  return Buffer.from(body, 'latin1');
}

function quotedPrintable(text: string): Buffer {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}

/** Encoded words of RFC 2047; white space between two of them is not part of the text. */
function decodeWords(text: string): string {
  const joined = text.replace(/\?=\s+=\?/g, '?==?');
  const word = /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi;
  return joined.replace(word, (_, charset: string, encoding: string, content: string) => {
    const isBase64 = encoding.toLowerCase() === 'b';
    const bytes = isBase64 ? Buffer.from(content, 'base64') : quotedPrintable(content.replaceAll('_', ' '));
    return new TextDecoder(charset).decode(bytes);
  });
}
