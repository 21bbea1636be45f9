import { ConnectClient, StartOutboundVoiceContactCommand } from '@aws-sdk/client-connect';
import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../../infra/local/aws/index.ts';
import { startTestWire } from './fixtures/wire.ts';

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
    const wire = await startTestWire({
      async onCall(contact) {
        contacts.push(contact);
        return { spoken: '1 2 3' };
      },
    });
    const { ContactId } = await new ConnectClient(wire.client('connect')).send(call());
    await wire.callsPlayed();
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
    expect(wire.outbox.list()).toStrictEqual([
      { channel: 'Call', to: '+12025550123', body: '1 2 3', at: '2030-01-01T12:00:00.000Z' },
    ]);
    expect(wire.outbox.sent()).toMatchObject([{ id: ContactId, attributes: { deliveryId: 'one' } }]);
  });

  it('is accepted before it is played', async () => {
    let hangUp = () => {};
    const played = new Promise<{ spoken: string }>((resolve) => {
      hangUp = () => resolve({ spoken: 'late' });
    });
    const wire = await startTestWire({ onCall: () => played });
    await new ConnectClient(wire.client('connect')).send(call());
    expect(wire.outbox.list()).toEqual([]);
    hangUp();
    await wire.callsPlayed();
    expect(wire.outbox.list()).toMatchObject([{ body: 'late' }]);
  });

  it('is dialled once per client token, for seven days', async () => {
    const wire = await startTestWire();
    const connect = new ConnectClient(wire.client('connect'));
    const dial = async (ClientToken: string) => (await connect.send(call({ ClientToken }))).ContactId;
    const [first, ...others] = await Promise.all([dial('token'), dial('token'), dial('token')]);
    expect(others).toEqual([first, first]);
    expect(await dial('other token')).not.toBe(first);
    wire.advance(aWeekInSeconds - 1);
    expect(await dial('token')).toBe(first);
    await wire.callsPlayed();
    expect(wire.outbox.list()).toHaveLength(2);
    wire.advance(1);
    expect(await dial('token')).not.toBe(first);
    await wire.callsPlayed();
    expect(wire.outbox.list()).toHaveLength(3);
  });

  it('is not dialled again when the reply was lost and the client tried again', async () => {
    const wire = await startTestWire();
    wire.faults.set('connect', 'lost-reply', 1);
    await new ConnectClient(wire.client('connect', { maxAttempts: 3 })).send(call());
    await wire.callsPlayed();
    expect(wire.requests.count('connect', 'StartOutboundVoiceContact')).toBe(2);
    expect(wire.outbox.list()).toHaveLength(1);
  });

  it('that cannot be played reaches nobody, and is reported', async () => {
    const errors: unknown[] = [];
    const failure = new Error('no such contact flow');
    const wire = await startTestWire({
      onCall: () => Promise.reject(failure),
      onCallError: (error) => errors.push(error),
    });
    await new ConnectClient(wire.client('connect')).send(call());
    await wire.callsPlayed();
    expect(errors).toEqual([failure]);
    expect(wire.outbox.list()).toEqual([]);
  });

  it.each([
    ['a number that is not E.164', { DestinationPhoneNumber: '2025550123' }, 'InvalidParameterException'],
    ['neither queue nor source number', { QueueId: undefined }, 'InvalidRequestException'],
  ])('is refused for %s', async (_, changes, name) => {
    const wire = await startTestWire();
    const refused = new ConnectClient(wire.client('connect')).send(call(changes));
    await expect(refused).rejects.toMatchObject({ name });
    await wire.callsPlayed();
    expect(wire.outbox.list()).toEqual([]);
  });
});
