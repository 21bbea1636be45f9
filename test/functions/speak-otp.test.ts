/** speak-otp, as the contact flow of a call asks it. */
import { afterAll, expect, test, vi } from 'vitest';
import { startTestAwsEmulator } from '../infra/local/aws/fixtures/aws-emulator.ts';
import type { Json } from '../stack.ts';
import { stubEnvironment } from '../support/function-environment.ts';

const aws = await startTestAwsEmulator();
stubEnvironment('speak-otp', aws);
const { handler } = await import('../../functions/speak-otp/handler.ts');
afterAll(() => {
  vi.unstubAllEnvs();
});

const speak = (deliveryId: string) =>
  handler({ Details: { ContactData: { Attributes: { deliveryId } } } } as Json);

test('a call about a delivery that nobody knows is told that it is over, in the language of the organisation', async () => {
  expect(await speak('nonsense')).toEqual({
    outcome: 'over',
    digit: '',
    language: 'de',
    greeting: '',
    ssml: '',
    goodbye: 'Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an. Auf Wiederhören.',
  });
});
