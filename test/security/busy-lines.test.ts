/** More calls than an instance of Connect holds: they wait, and go by another method when they have waited long. */
import { afterAll, expect, test } from 'vitest';
import { repeatAfterSeconds } from '../../shared/domain/delivery/carriers.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { backendOn, enrolSomebody } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
afterAll(() => table.close());

test('busy lines: a call waits for one and then becomes an SMS, and a name of nobody meets the same', async () => {
  const backend = backendOn(table);
  const worker = workerOn(table, backend, undefined, 1);
  const call = async (userId: string) => {
    const person = await backend.person(userId);
    await startChallenge({ person, client: 'web', purpose: 'sign-in', method: 'Call' }, backend);
    return worker.round();
  };
  expect(await call(await enrolSomebody(backend))).toEqual([{ kind: 'sent' }]);
  for (const userId of [await enrolSomebody(backend), 'nobody-at-all']) {
    const delivered = await call(userId);
    while (delivered.at(-1)?.kind === 'retry') delivered.push(...(await worker.round()));
    expect(delivered).toEqual([
      ...repeatAfterSeconds.map(() => ({ kind: 'retry', reason: 'throttled' })),
      { kind: 'failed-over', method: 'SMS', reason: 'throttled' },
    ]);
    await worker.round();
  }
  expect(worker.left.map(({ method }) => method)).toEqual(['Call', 'SMS']);
  backend.advance(60);
  expect(await call(await enrolSomebody(backend))).toEqual([{ kind: 'sent' }]);
});
