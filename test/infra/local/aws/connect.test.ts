/** The emulator of Amazon Connect: calls that are played, repeated and refused. */
import { ConnectClient, StartOutboundVoiceContactCommand } from '@aws-sdk/client-connect';
import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../../infra/local/aws/index.ts';
import { startTestAwsEmulator } from './fixtures/aws-emulator.ts';

const call = (changes: object = {}) =>
  new StartOutboundVoiceContactCommand({
    DestinationPhoneNumber: '+12025550123',
    ContactFlowId: 'flow',
    InstanceId: 'instance',
    QueueId: 'queue',
    Attributes: { deliveryId: 'one' },
    ...changes,
  });
const aWeekInSeconds = 7 * 86_400;

describe('a call', () => {
  it('is what the contact flow says to the callee', async () => {
    const contacts: Contact[] = [];
    const aws = await startTestAwsEmulator({
      async onCall(contact) {
        contacts.push(contact);
        return { spoken: '1 2 3' };
      },
    });
    const { ContactId } = await new ConnectClient(aws.client('connect')).send(call());
    await aws.callsPlayed();
    expect(contacts).toStrictEqual([
      {
        contactId: ContactId,
        destination: '+12025550123',
        attributes: { deliveryId: 'one' },
        contactFlowId: 'flow',
        instanceId: 'instance',
        queueId: 'queue',
      },
    ]);
    expect(aws.outbox.list()).toStrictEqual([
      { channel: 'Call', to: '+12025550123', body: '1 2 3', at: '2030-01-01T12:00:00.000Z' },
    ]);
    expect(aws.outbox.sent()).toMatchObject([{ id: ContactId, attributes: { deliveryId: 'one' } }]);
  });

  it('is accepted before it is played', async () => {
    let hangUp = () => {};
    const played = new Promise<{ spoken: string }>((resolve) => {
      hangUp = () => resolve({ spoken: 'late' });
    });
    const aws = await startTestAwsEmulator({ onCall: () => played });
    await new ConnectClient(aws.client('connect')).send(call());
    expect(aws.outbox.list()).toEqual([]);
    hangUp();
    await aws.callsPlayed();
    expect(aws.outbox.list()).toMatchObject([{ body: 'late' }]);
  });

  it('is dialled once per client token, for seven days', async () => {
    const aws = await startTestAwsEmulator();
    const connect = new ConnectClient(aws.client('connect'));
    const dial = async (ClientToken: string) => (await connect.send(call({ ClientToken }))).ContactId;
    const [first, ...others] = await Promise.all([dial('token'), dial('token'), dial('token')]);
    expect(others).toEqual([first, first]);
    expect(await dial('other token')).not.toBe(first);
    aws.advance(aWeekInSeconds - 1);
    expect(await dial('token')).toBe(first);
    await aws.callsPlayed();
    expect(aws.outbox.list()).toHaveLength(2);
    aws.advance(1);
    expect(await dial('token')).not.toBe(first);
    await aws.callsPlayed();
    expect(aws.outbox.list()).toHaveLength(3);
  });

  it('is not dialled again when the reply was lost and the client tried again', async () => {
    const aws = await startTestAwsEmulator();
    aws.faults.set('connect', 'lost-reply', 1);
    await new ConnectClient(aws.client('connect', { maxAttempts: 3 })).send(call());
    await aws.callsPlayed();
    expect(aws.requests.count('connect', 'StartOutboundVoiceContact')).toBe(2);
    expect(aws.outbox.list()).toHaveLength(1);
  });

  it('that cannot be played reaches nobody, and is reported', async () => {
    const errors: unknown[] = [];
    const failure = new Error('no such contact flow');
    const aws = await startTestAwsEmulator({
      onCall: () => Promise.reject(failure),
      onCallError: (error) => errors.push(error),
    });
    await new ConnectClient(aws.client('connect')).send(call());
    await aws.callsPlayed();
    expect(errors).toEqual([failure]);
    expect(aws.outbox.list()).toEqual([]);
  });

  it.each([
    ['a number that is not E.164', { DestinationPhoneNumber: '2025550123' }, 'InvalidParameterException'],
    ['neither queue nor source number', { QueueId: undefined }, 'InvalidRequestException'],
  ])('is refused for %s', async (_, changes, name) => {
    const aws = await startTestAwsEmulator();
    const refused = new ConnectClient(aws.client('connect')).send(call(changes));
    await expect(refused).rejects.toMatchObject({ name });
    await aws.callsPlayed();
    expect(aws.outbox.list()).toEqual([]);
  });
});
