/** The text of a file piece by piece, or the line whose bytes are not in its encoding. */
import { createReadStream } from 'node:fs';
import { UsageError } from '../../usage-error.ts';

export const encodings = ['utf-8', 'windows-1252', 'utf-16le'] as const;
export type Encoding = (typeof encodings)[number];

/** @throws UsageError with the line and the way out; a byte order mark in front is skipped */
export async function* decode(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  for await (const bytes of bytesOf(file)) {
    if (lines === 1 && encoding === 'utf-8' && isUtf16(bytes))
      throw new UsageError(`${file} is UTF-16: say --encoding utf-16le, or save it as UTF-8`);
    const text = decoded(decoder, bytes, () => lineOfFault(bytes, encoding, lines), file, encoding);
    lines += lineBreaks(text);
    yield text;
  }
  const rest = decoded(decoder, undefined, () => lines, file, encoding);
  if (rest !== '') yield rest;
}

const whyNot: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not',
};

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const bytes of createReadStream(file)) yield bytes;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read: ${whyNot[code] ?? code}`);
  }
}

function decoded(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Buffer | undefined,
  line: () => number,
  file: string,
  encoding: Encoding,
): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    const way =
      encoding === 'utf-8' ? 'say --encoding windows-1252, or save the file as UTF-8' : 'say its encoding';
    throw new UsageError(`${file}, line ${line()}: its bytes are not ${encoding}; ${way}`);
  }
}

/** What begins in a piece before this one may make it a line early. */
function lineOfFault(bytes: Buffer, encoding: Encoding, before: number): number {
  const text = new TextDecoder(encoding).decode(bytes);
  return before + lineBreaks(text.slice(0, Math.max(0, text.indexOf('\uFFFD'))));
}

const lineBreaks = (text: string): number => text.split('\n').length - 1;
const isUtf16 = ([first, second]: Buffer): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
