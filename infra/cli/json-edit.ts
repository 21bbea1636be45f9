/** Changes one value in a JSON text and leaves every other character as it stands. */
import { applyEdits, type Edit, findNodeAtOffset, format, modify, parseTree } from 'jsonc-parser';

const byteOrderMark = '\ufeff';

/**
 * Sets the value at `path`; objects that are missing on the way are added.
 * @param text valid JSON whose root is an object, as is everything on the path that exists.
 */
export function setValue(text: string, path: readonly string[], value: unknown): string {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
  const json = text.slice(mark.length);
  const edits = modify(json, [...path], value, {});
  return (
    mark +
    applyEdits(
      json,
      edits.map((edit) => laidOut(json, edit)),
    )
  );
}

/**
 * Puts a new member on a line of its own where the last one has that.
 * jsonc-parser would format the whole line of the last one with it, which may be the whole file.
 */
function laidOut(json: string, edit: Edit): Edit {
  if (edit.length > 0) return edit; // it stands in for a value
  const isFirst = !edit.content.startsWith(',');
  const member = spaced(edit.content.slice(isFirst ? 0 : 1));
  return { ...edit, content: isFirst ? ` ${member} ` : `,${separatorBefore(json, edit.offset)}${member}` };
}

/** `"a":{"b":1}` becomes `"a": { "b": 1 }`. */
function spaced(member: string): string {
  const object = `{${member}}`;
  return applyEdits(object, format(object, undefined, { keepLines: true })).slice(2, -2);
}

/** What stands before the member that ends at `end`: its line break, as the file writes it, and its indent. */
function separatorBefore(json: string, end: number): string {
  const root = parseTree(json);
  let last = root && findNodeAtOffset(root, end - 1);
  while (last !== undefined && last.type !== 'property') last = last.parent;
  return /\r?\n[ \t]*$/.exec(json.slice(0, last?.offset))?.[0] ?? ' ';
}
