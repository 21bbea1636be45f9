/** The catalogue of log events, read off its source: what types say at compile time, as values for a document. */
export interface CataloguedEvent {
  readonly event: string;
  /** In the order of the source; `?` at the end of one that may be absent. */
  readonly fields: readonly string[];
  readonly level: string;
}

export function catalogueOf(source: string): CataloguedEvent[] {
  const body = between(source, 'interface Events {\n', '\n}\n').replace(/\/\*\*[\s\S]*?\*\//g, '');
  const levels = between(source, 'const levels', '};');
  return body
    .split(/\n(?= {2}')/)
    .map((entry) => entry.trim())
    .map((entry) => {
      const event = /^'([a-z-]+)':/.exec(entry)?.[1];
      if (event === undefined) throw new Error(`not an event: ${entry}`);
      const atHelpDesk = /:\s*AtHelpDesk\b/.test(entry) ? ['user', 'client', 'operator', 'ticket?'] : [];
      const who = /:\s*Who\b/.test(entry) ? ['user', 'client'] : atHelpDesk;
      const own = Array.from(entry.matchAll(/readonly (\w+\??):/g), ([, field = '']) => field);
      const level = new RegExp(`'${event}': '(\\w+)'`).exec(levels)?.[1] ?? 'INFO';
      return { event, fields: [...who, ...own], level };
    });
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the log's source has no ${start.trim()}`);
  return text.slice(from + start.length, to);
}
