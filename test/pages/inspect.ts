/** Looks at one page in a browser: what axe finds, what the console says, what it asked for, whether it fits. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 to level AA, and what axe takes for good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A page that waits has to look again by itself where it has no JavaScript: essential (WCAG 2.2, 2.2.1). */
const rules = { 'meta-refresh': { enabled: false } };

/** @returns each violation as its rule and the element that breaks it */
export async function violationsOn(page: Page): Promise<string[]> {
  const options = JSON.stringify({ runOnly: tags, rules, resultTypes: ['violations'] });
  // In a world of its own the page's policy does not stop it.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as {
    violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/**
 * The same for a page without JavaScript, where axe would wait for a timer for ever.
 *
 * @param reader a page with JavaScript, which takes the markup without its script
 */
export async function violationsWithoutScript(page: Page, reader: Page): Promise<string[]> {
  const markup = await page.content();
  await reader.setContent(markup.replaceAll(/<(script|noscript)>.*?<\/\1>/gs, ''));
  return violationsOn(reader);
}

/** Whether something stands wider than the screen (WCAG 2.2, 1.4.10). */
export async function isTooWide(page: Page): Promise<boolean> {
  return (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) as boolean;
}

/** Collects what no page may do, from now on: an error in the console, a request to another origin. */
export function watch(context: BrowserContext, origins: readonly string[]): string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    const isStatus = /Failed to load resource.*status of (?:403|404|410|400|503)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isStatus) faults.push(message.text());
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && !origins.includes(new URL(url).origin)) faults.push(`asked for ${url}`);
  });
  return faults;
}
