/** A JSON file as administrators save it: with a byte order mark or without, and never in UTF-16. */
import { readFileSync } from 'node:fs';
import { ConfigurationError } from './problems.ts';

/** @throws ConfigurationError when the file cannot be read or is not JSON. */
export function readJson(file: string): unknown {
  return jsonOf(readText(file), file);
}

/** @param file what messages call it. @throws ConfigurationError */
export function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')); // Notepad and PowerShell write the mark
  } catch (error) {
    throw refused(file, `it is not JSON: ${(error as Error).message}`);
  }
}

/** Every character of the file, a byte order mark included. @throws ConfigurationError */
export function readText(file: string): string {
  const bytes = bytesOf(file);
  if (isUtf16(bytes)) throw refused(file, 'it is UTF-16; save it as UTF-8');
  return bytes.toString('utf8');
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw refused(file, 'it cannot be read; check the path');
  }
}

/** By its byte order mark, or by a first character of which one byte is zero, as one of JSON is. */
const isUtf16 = ([first, second]: Buffer): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;

const refused = (file: string, message: string) =>
  new ConfigurationError(file, [{ field: '(the file)', message }]);
