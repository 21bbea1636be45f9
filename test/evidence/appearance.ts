/** What can be seen of an answer, with that blotted out which must differ between any two people or moments. */
import type { StackAnswer } from '../stack.ts';

/**
 * Texts of questions and sets of methods belong to a person; their lengths are taken out of the length.
 *
 * @param alike where all are enrolled alike: then they are compared too
 */
export function appearanceOf({ status, headers, text, body }: StackAnswer, alike = false): string {
  let own = 0;
  const blotted = JSON.stringify(body, (name, value) => {
    if (alike && name === 'questions')
      return (value as unknown[]).map((one) => JSON.stringify(one)).toSorted();
    if (!alike && (name === 'methods' || name === 'questions')) {
      own += Buffer.byteLength(JSON.stringify(value));
      return `${(value as unknown[]).length > 0 ? 'some' : 'no'} ${name}`;
    }
    if (name === 'challengeId' || name === 'recoveryId' || name.endsWith('At')) {
      return `${typeof value} of ${String(value).length}`;
    }
    if (name === 'destination' || name === 'prompt') {
      const digits = String(value).replace(/\d\d(?=\W*$)/, '··');
      // A recovery's code goes to an inbox of the person's own choice, with a provider as people have them.
      const shown = body.recoveryId === undefined ? digits : digits.replace(/(?<=•@).*$/, '');
      own += Buffer.byteLength(digits) - Buffer.byteLength(shown);
      return shown;
    }
    return value;
  });
  const length = Buffer.byteLength(text);
  const seen = Array.from(headers, ([name, value]) => {
    if (name === 'date' || name === 'retry-after') return name;
    if (name === 'content-length') return `${name}: ${Number(value) === length ? 'that of the body' : value}`;
    return `${name}: ${value}`;
  });
  return JSON.stringify({ status, headers: seen, length: length - own, body: blotted });
}
