/** HTML as a tagged template: every value is escaped, unless it is HTML that this template made. */

/** Text that is safe to put into a page. Only this file makes one. */
class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type { Html };

export type Part = Html | string | number | undefined | false | readonly Html[];

/** Values stand in text or in quoted attributes, and nowhere else: their escapes hold there. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(markupOf)));
}

export const nothing = html``;

/**
 * A text of a translator, with HTML in its placeholders. A placeholder without a value stays as it is.
 *
 * @param values strings stand in a `bdi`: a name or a number of another direction leaves the sentence as it is
 */
export function filled(template: string, values: Readonly<Record<string, Html | string>>): Html {
  return new Html(
    template
      .split(/(\{\w+\})/)
      .map((piece) => {
        const value = values[/^\{(\w+)\}$/.exec(piece)?.[1] ?? ''];
        if (value === undefined) return escaped(piece);
        if (typeof value !== 'string') return value.markup;
        return /^[0-9]+$/.test(value) ? value : `<bdi>${escaped(value)}</bdi>`;
      })
      .join(''),
  );
}

/** A style or a script of ours, whose hash the page's policy names: it stands in the page as it is. */
export function verbatim(tag: 'style' | 'script', content: string): Html {
  if (content.includes('</')) throw new Error(`a ${tag} of ours would end early`);
  return new Html(`<${tag}>${content}</${tag}>`);
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(({ markup }) => markup).join('');
  return escaped(String(part));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
