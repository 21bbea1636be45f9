/** A reader of XML that takes nothing but what is well-formed: elements, attributes, texts and comments. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const token = /<!--(?:(?!--)[\s\S])*-->|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** @throws where the text is no well-formed document */
export function readXml(document: string): Element {
  const declaration = /^<\?xml version="1\.0" encoding="utf-8"\?>\r?\n/.exec(document)?.[0];
  if (declaration === undefined) throw new Error('no declaration');
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [root];
  token.lastIndex = declaration.length;
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const found = token.exec(document);
    if (found === null) throw new Error(`not well-formed at ${document.slice(at, at + 40)}`);
    const [, closes, name, attributes = '', isEmpty, text] = found;
    const inner = open.at(-1) as Open;
    if (text !== undefined) inner.text += unescaped(text);
    else if (name !== undefined && closes === '/') {
      if (inner.name !== name || attributes + isEmpty !== '')
        throw new Error(`</${name}> closes ${inner.name}`);
      open.pop();
    } else if (name !== undefined) {
      const begun: Open = { name, attributes: attributesIn(attributes), children: [], text: '' };
      inner.children.push(begun);
      if (isEmpty !== '/') open.push(begun);
    }
  }
  const [only, ...others] = root.children;
  if (open.length > 1) throw new Error(`${open.at(-1)?.name} is not closed`);
  if (only === undefined || others.length > 0 || root.text.trim() !== '') throw new Error('not one element');
  return only;
}

function attributesIn(text: string): Record<string, string> {
  const found = Array.from(text.matchAll(/([\w:.-]+)="([^"]*)"/g), ([, name = '', value = '']) => [
    name,
    unescaped(value),
  ]);
  const attributes = Object.fromEntries(found);
  if (Object.keys(attributes).length < found.length) throw new Error(`an attribute twice in ${text}`);
  return attributes;
}

function unescaped(text: string): string {
  return text.replace(/&(\w+;)?/g, (whole, name = '') => {
    const character = entities[name.slice(0, -1)];
    if (character === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}

/** All below an element, itself too. */
export function within(element: Element): readonly Element[] {
  return [element, ...element.children.flatMap(within)];
}
