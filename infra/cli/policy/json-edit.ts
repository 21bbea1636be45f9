/** Changes one value in a JSON text and leaves every other character as it stands. */

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Member extends Span {
  readonly key: string;
  readonly value: Span;
}

/**
 * Sets the value at `path`; objects that are missing on the way are added.
 * @param text valid JSON whose root is an object, as is everything on the path that exists.
 */
export function setValue(text: string, path: readonly string[], value: unknown): string {
  let object = valueSpan(text, skipSpace(text, 0));
  for (const [depth, key] of path.entries()) {
    const members = membersOf(text, object);
    const found = members.findLast((member) => member.key === key);
    const rest = path.slice(depth + 1);
    if (found === undefined) return insert(text, object, members, key, nest(rest, value));
    if (rest.length === 0) return splice(text, found.value, JSON.stringify(value));
    object = found.value;
  }
  return text;
}

function nest(path: readonly string[], value: unknown): string {
  const [key, ...rest] = path;
  return key === undefined ? JSON.stringify(value) : `{ ${JSON.stringify(key)}: ${nest(rest, value)} }`;
}

/** Puts the new member last, on a line of its own where the last one has that. */
function insert(text: string, object: Span, members: readonly Member[], key: string, value: string): string {
  const member = `${JSON.stringify(key)}: ${value}`;
  const last = members.at(-1);
  if (last === undefined) return splice(text, object, `{ ${member} }`);
  const before = text.slice(object.start + 1, last.start);
  const separator = /\n[ \t]*$/.exec(before)?.[0] ?? ' ';
  return splice(text, { start: last.end, end: last.end }, `,${separator}${member}`);
}

function splice(text: string, { start, end }: Span, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function membersOf(text: string, { start }: Span): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const name = valueSpan(text, at);
    const value = valueSpan(text, skipSpace(text, skipSpace(text, name.end) + 1));
    members.push({ start: at, end: value.end, key: JSON.parse(text.slice(at, name.end)) as string, value });
    at = skipSpace(text, value.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

/** The value that begins at `start`; brackets inside strings do not count. */
function valueSpan(text: string, start: number): Span {
  const token = /"(?:[^"\\]|\\.)*"|[[{\]}]|[^\s,:[\]{}"]+/y;
  let depth = 0;
  for (let at = start; ; at += 1) {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found === undefined) continue;
    if (found === '{' || found === '[') depth += 1;
    if (found === '}' || found === ']') depth -= 1;
    at += found.length - 1;
    if (depth === 0) return { start, end: at + 1 };
  }
}

function skipSpace(text: string, at: number): number {
  const spaces = /\s*/y;
  spaces.lastIndex = at;
  return at + (spaces.exec(text)?.[0].length ?? 0);
}
