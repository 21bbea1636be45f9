/** What can be logged: the type checker holds the first two, `npm run check` and house.test.ts ask it. */
import { afterEach, expect, test, vi } from 'vitest';
import { failureOf } from '../../../shared/domain/recovery/recovery.ts';
import { type LogEvent, log } from '../../../shared/log/log.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

type Fields<Event extends LogEvent> = Parameters<typeof log<Event>>[1];
type Keys<Of> = Of extends unknown ? keyof Of : never;
/** Fields that take any text. */
type Open<Of> = {
  [Field in keyof Of]-?: string extends Of[Field]
    ? Field
    : readonly string[] extends Of[Field]
      ? Field
      : never;
}[Keys<Of>];
type OpenFields = { [Event in LogEvent]: Open<Fields<Event>> }[LogEvent];
/** Made by us, or known to the caller already: the route is the gateway's, the country the number's. */
type Identifier =
  | 'user'
  | 'client'
  | 'challenge'
  | 'recovery'
  | 'batch'
  | 'session'
  | 'acr'
  | 'operator'
  | 'ticket'
  | 'route'
  | 'country'
  | 'breaker';
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test('every field but an identifier takes the words of a closed set, and no text', () => {
  const onlyIdentifiers: Same<OpenFields, Identifier> = true;
  expect(onlyIdentifiers).toBe(true);
});

test('a code, or any other text, does not compile where a word is logged', () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const ids = { user: 'locator', client: 'web', challenge: 'id', recovery: 'id' };
  const code: string = '49302718';
  // @ts-expect-error
  log('code-refused', { client: 'web', challenge: 'id', reason: code });
  // @ts-expect-error
  log('delivery-ended', { challenge: 'id', outcome: code });
  // @ts-expect-error
  log('recovery-started', { ...ids, path: code });
  // @ts-expect-error
  log('recovery-ended', { ...ids, path: 'kba', status: code });
  // @ts-expect-error
  log('recovery-ended', { ...ids, path: 'kba', status: 'failed', reason: code });
  // @ts-expect-error
  log('challenge-started', { ...ids, method: code });
  // @ts-expect-error
  log('request-failed', { route: 'GET /v1/users', fault: code });
  // @ts-expect-error
  log('delivery-failed', { kind: 'otp', fault: 'TimeoutError' });
  expect(written).toHaveBeenCalledTimes(8);
});

test('why a recovery failed is a word of ours, whatever the error of the workflow is called', () => {
  expect(['AttemptsExhausted', 'Refused', 'UnknownPath'].map(failureOf)).toEqual([
    'AttemptsExhausted',
    'Refused',
    'UnknownPath',
  ]);
  for (const error of ['TimeoutError', 'States.TaskFailed', 'alice@example.com', '49302718', '', 'toString'])
    expect(failureOf(error)).toBe('fault');
});
