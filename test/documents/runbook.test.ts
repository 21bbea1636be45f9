/** The runbook says from how many on an alarm wakes somebody: the number that the alarm has. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countedEvents } from '../../infra/construct/counted-events.ts';

const page = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const words: Readonly<Record<number, string>> = { 5: 'five', 20: 'twenty', 100: 'a hundred' };

/** What a section says of when its alarm rings. */
function meansOf(anchor: string): string {
  const section = page.split(/^### /m).find((text) => slug(text.split('\n')[0] ?? '') === anchor) ?? '';
  return /\*\*Means\.\*\*[\s\S]*?(?=\n\n|$)/.exec(section)?.[0] ?? '';
}

const slug = (heading: string) => heading.toLowerCase().replaceAll(' ', '-');

test.each(countedEvents.filter(({ most }) => most > 0))(
  '$anchor names the number of $event that is too many',
  ({ most, anchor }) => {
    const numbers = [String(most), words[most]].filter((each) => each !== undefined);
    expect(meansOf(anchor)).toMatch(new RegExp(`\\b(?:${numbers.join('|')})\\b`));
  },
);
