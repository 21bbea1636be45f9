/** What is logged of a code, for metrics to count: by which method and country, and how long it took. */
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { report } from '../../functions/deliver/report.ts';
import { deliverCode } from '../../shared/domain/delivery/deliver-code.ts';
import type { MessageFacts } from '../../shared/domain/delivery/delivery-log.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Method } from '../../shared/domain/policy/policy.ts';
import { backendOn } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';

const table = await startTable();
const backend = backendOn(table, defaultPolicy);
const phone = { number: '+12025550147', country: 'US' };
await enrolUser({ userId: 'erin', phone, email: 'erin@example.com' }, true, backend);

afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => table.close());

/** The line of a code that waited for three seconds. */
async function lineOf(userId: string, method: Method) {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const person = await backend.person(userId);
  await startChallenge({ person, client: `by-${method}`, purpose: 'sign-in', method }, backend);
  const [{ message }] = backend.queued.splice(0) as [(typeof backend.queued)[number]];
  backend.advance(3);
  const { ports } = workerOn(table, backend);
  let facts: MessageFacts | undefined;
  const delivered = await deliverCode(message, ports, (known) => {
    facts = known;
  });
  report(message, delivered, facts, ports.clock.now());
  return JSON.parse(String(written.mock.lastCall?.[0])) as object;
}

test('an SMS has the country of its number, and the time since it was asked for', async () => {
  expect(await lineOf('erin', 'SMS')).toMatchObject({
    event: 'delivery-ended',
    outcome: 'sent',
    method: 'SMS',
    country: 'US',
    milliseconds: 3_000,
  });
});

test('an email has no country, and nobody’s code nothing at all', async () => {
  const email = await lineOf('erin', 'Email');
  expect(email).toMatchObject({ outcome: 'sent', method: 'Email', milliseconds: 3_000 });
  expect(email).not.toHaveProperty('country');
  const nobodys = await lineOf('nobody', 'SMS');
  expect(nobodys).toMatchObject({ outcome: 'decoy' });
  for (const field of ['method', 'country', 'milliseconds']) expect(nobodys).not.toHaveProperty(field);
});

test('a code that is used has the country of the number that it went to, and none by email', async () => {
  const countryBy = async (method: Method) => {
    const client = `used-${method}`;
    const person = await backend.person('erin');
    const started = await startChallenge({ person, client, purpose: 'sign-in', method }, backend);
    if (started.kind !== 'challenge') throw new Error(started.kind);
    const { challengeId } = started.view;
    const code = await backend.codeOf('erin', client);
    const verdict = await verifyCode({ challengeId, client, code, request: method }, backend);
    return verdict.kind === 'verified' ? verdict.country : verdict.kind;
  };
  expect([await countryBy('Call'), await countryBy('Email')]).toEqual(['US', undefined]);
});
