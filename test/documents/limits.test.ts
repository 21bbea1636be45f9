/** docs/limits.md has the figures of the default policy and of the code, row by row. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anonymousAttemptsBeforeStop } from '../../shared/domain/attempts/lockout.ts';
import { clientOfDoor, doorOf } from '../../shared/domain/identifiers/client.ts';
import { doorWindows, sendWindows, userWindows } from '../../shared/domain/limits/send-windows.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A number that a file of the domain keeps to itself. */
function fixed(path: string, pattern: RegExp): number {
  const [, figure] = pattern.exec(read(`shared/domain/${path}`)) ?? [];
  return Number(figure);
}

const { sends, lockout, kba, breaker } = defaultPolicy;
const limitsOf = (windows: readonly { readonly limit: number }[]) => windows.map(({ limit }) => limit);
const [share = 0] = limitsOf(doorWindows(sends, doorOf('web-login', 'sign-in')));
const [person = 0] = limitsOf(userWindows(sends));

const expected: Readonly<Record<string, readonly number[]>> = {
  'a person’s messages at one door': [share, person - share, person],
  'a person’s messages of a day': [person],
  'messages at logon screens of Windows': limitsOf(
    doorWindows(sends, doorOf(clientOfDoor('windows', 'office'), 'sign-in')),
  ),
  'messages to a number or address': limitsOf(sendWindows(sends)),
  'wrong attempts, with the password': [
    lockout.attemptsBeforeWait,
    lockout.firstWaitSeconds,
    lockout.longestWaitSeconds,
  ],
  'wrong attempts in a row, with the password': [lockout.attemptsBeforeStop],
  'wrong attempts in a row, at a logon screen': [anonymousAttemptsBeforeStop(lockout)],
  'wrong answers to questions': [kba.tries],
  'messages to a block, to a country, by a channel': [
    sends.perPrefixPerHour,
    sends.perCountryPerDay,
    sends.dailyCeilingPerChannel,
  ],
  'messages for a client': [sends.perClientPerHour],
  'the circuit breaker': [
    breaker.minimumOutcomes,
    breaker.stopBelowPercent,
    breaker.holdSeconds,
    fixed('limits/circuit-breaker.ts', /goesOnMilliseconds = (\d+) \* 86_400_000/),
  ],
  'recoveries of one name': [fixed('recovery/start-recovery.ts', /startWindows = \[{ limit: (\d+)/)],
  'recoveries of names of nobody': [fixed('recovery/start-recovery.ts', /nobodysWindows = \[{ limit: (\d+)/)],
  'remembered idempotency keys': [fixed('user-record/replays.ts', /mostReplies = (\d+)/)],
  'callers’ codes': [
    fixed('help-desk/start-caller-verification.ts', /callerWindows = \[{ limit: (\d+)/),
    ...limitsOf(sendWindows(sends)),
  ],
  'notices to an address': [
    fixed('delivery/admit-notice.ts', /ofAddress = \[{ limit: (\d+)/),
    fixed('delivery/admit-notice.ts', /ofKind = \[{ limit: (\d+)/),
  ],
};

const rows = read('docs/limits.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| limit |'))
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const figures = Array.from(line.matchAll(/\*\*(\d+)\*\*/g), ([, figure]) => Number(figure));
    return { limit: (cells[1] ?? '').replaceAll("'", '’'), cells: cells.slice(1, -1), figures };
  });

test('every limit has its row, with a cost, an effect and a way out', () => {
  expect(rows.map(({ limit }) => limit)).toEqual(Object.keys(expected));
  expect(rows.filter(({ cells }) => cells.length !== 4 || cells.includes(''))).toEqual([]);
});

test.each(rows)('$limit: the figures are those of the code', ({ limit, figures }) => {
  expect(figures).toEqual(expected[limit]);
});
