/** docs/log-events.md lists the events that functions can log, with their fields and levels, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countedEvents } from '../../infra/construct/counted-events.ts';
import type { Delivered, DeliveryReason } from '../../shared/domain/delivery/delivered.ts';
import type { Dependency } from '../../shared/domain/faults.ts';
import { catalogueOf } from './catalogue.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const catalogue = catalogueOf(read('shared/log/log.ts'));
const [, events = ''] = read('docs/log-events.md').split('\n## ');
/** Of each event: the whole item, its name, level, when it is logged, and fields. */
const rows = events
  .split(/\n(?=- |\n)/)
  .filter((item) => item.startsWith('- '))
  .map((item) => /^- (`[a-z-]+`) (\w+): ([\s\S]+)\n {2}- (.+)\n?$/.exec(item) ?? [item, item]);

test('every event of the log is documented, with its fields and level', () => {
  const documented = rows.map(([, event, level, , fields]) => ({ event, fields, level }));
  const inSource = catalogue.map(({ event, fields, level }) => ({
    event: `\`${event}\``,
    fields: fields.map((field) => `\`${field}\``).join(', '),
    level,
  }));
  expect(inSource.length).toBeGreaterThan(10);
  expect(documented).toEqual(inSource);
});

test('every event that an alarm counts, and no other, links what to do', () => {
  const linked = rows.flatMap(([, event, , when = '']) => {
    return Array.from(
      when.matchAll(/\[Alarm\]\(runbook\.md#([a-z-]+)\)/g),
      ([, anchor]) => `${event} ${anchor}`,
    );
  });
  const counted = countedEvents.map(({ event, anchor }) => `\`${event}\` ${anchor}`);
  expect(linked.toSorted()).toEqual(counted.toSorted());
});

test('every event says when it is logged', () => {
  expect(rows.filter(([, , , when]) => !when?.trim())).toEqual([]);
});

test('every outcome of a delivery is named', () => {
  const outcomes = {
    sent: true,
    decoy: true,
    dropped: true,
    held: true,
    retry: true,
    'failed-over': true,
    failed: true,
  } satisfies Record<Delivered['kind'], true>;
  const [, , , when = ''] = rows.find(([, event]) => event === '`delivery-ended`') ?? [];
  for (const name of [...Object.keys(outcomes), 'unrecorded' satisfies DeliveryReason]) {
    expect(when).toContain(`\`${name}\``);
  }
});

/** Of carriers the beginning. */
type Named<D extends Dependency> = D extends `carrier-of-notices-${string}` ? 'carrier-of-notices-…' : D;

test('everything that can be unavailable is explained', () => {
  const dependencies = {
    'raced-user-record': true,
    'raced-name': true,
    'raced-recovery': true,
    'raced-counter': true,
    table: true,
    'moving-workflow': true,
    'unknown-pepper-key': true,
    'unknown-state-key': true,
    'carrier-of-notices-…': true,
  } satisfies Record<Named<Dependency>, true>;
  const faults = read('docs/log-events.md').split('## Faults')[1];
  for (const name of Object.keys(dependencies)) expect(faults).toContain(`\`${name}\``);
});
