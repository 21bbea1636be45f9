/** The dashboard of the template: it shows every alarm, and metrics that somebody counts. */
import { expect, it } from 'vitest';
import { directory, type Properties, resourcesOf, templateOf, voice, windows } from '../template.ts';

const template = templateOf({ voice, windows, directory, alarms: { smsMonthlyUsd: 400 } });
const [dashboard] = resourcesOf(template, 'AWS::CloudWatch::Dashboard').values();
const parts: (string | Properties)[] = dashboard?.['DashboardBody']['Fn::Join'][1];
const named = (part: Properties) => part['Ref'] ?? part['Fn::GetAtt'][0];
const { widgets } = JSON.parse(
  parts.map((part) => (typeof part === 'string' ? part : named(part))).join(''),
) as { widgets: { properties: { alarms?: string[]; metrics?: unknown[][] } }[] };
const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? []);

it('shows every alarm, of which one widget takes a hundred', () => {
  const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []).toSorted();
  expect(shown).toEqual([...resourcesOf(template, 'AWS::CloudWatch::Alarm').keys()].toSorted());
  expect(shown.length).toBeLessThanOrEqual(100);
});

it('shows counts of the log that a filter makes', () => {
  const own = metrics.filter(([namespace]) => namespace === 'MfaFallback/production');
  const counted = [...resourcesOf(template, 'AWS::Logs::MetricFilter').values()].map(
    ({ MetricTransformations: [{ MetricName }] }) => MetricName,
  );
  expect(own.length).toBeGreaterThan(5);
  for (const [, name] of own) expect(counted).toContain(name);
});

it('costs nothing as one of three: it has at most 50 metrics', () => {
  expect(metrics.length).toBeLessThanOrEqual(50);
});
