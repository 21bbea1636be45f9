/** Calls that the local stack plays by the contact flow of the template. */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createClock } from '../../../../infra/local/clock/clock.ts';
import { createCalls } from '../../../../infra/local/connect/calls.ts';
import { createFunctions } from '../../../../infra/local/lambda/functions.ts';
import { readAssembly } from '../../../../infra/local/template/assembly.ts';
import { createTemplate } from '../../../../infra/local/template/template.ts';
import { writeAssembly } from '../fixtures/assembly.ts';
import { flow } from '../fixtures/flow.ts';

const cleanUp: (() => unknown)[] = [];
afterAll(async () => {
  for (const each of cleanUp) await each();
});

function start(changes?: Readonly<Record<string, object>>) {
  const directory = writeAssembly(changes);
  const assembly = readAssembly(directory);
  const template = createTemplate(assembly, {
    origin: 'http://127.0.0.1:1',
    queueOrigin: () => 'http://127.0.0.1:2',
  });
  const functions = createFunctions({
    template,
    assembly,
    clock: createClock(),
    serviceEnvironment: {},
    log: () => {},
  });
  cleanUp.push(
    () => functions.stop(),
    () => rmSync(directory, { recursive: true }),
  );
  const contactFlowId = template.names('CodeFlow')['Ref'] ?? '';
  return { play: createCalls(template, functions), contactFlowId };
}

const destination = '+12025550123';

describe('a call', () => {
  it('reads what the function gave it three times, after a key press, as words', async () => {
    const { play, contactFlowId } = start();
    const sentence = 'Your code is 4 7 1. R&D.';
    expect(await play({ contactFlowId, destination, attributes: { deliveryId: 'one' } })).toBe(
      ['Press one.', sentence, sentence, sentence].join('\n'),
    );
  });

  it('hangs up at any other key', async () => {
    const { play, contactFlowId } = start();
    const call = { contactFlowId, destination, attributes: { deliveryId: 'one' } };
    expect(await play({ ...call, key: '2' })).toBe('Press one.');
    expect((await play({ ...call, key: '1' })).split('\n')).toHaveLength(4);
  });

  it('apologises when the function fails', async () => {
    const { play, contactFlowId } = start();
    expect(await play({ contactFlowId, destination, attributes: { deliveryId: 'unknown' } })).toBe('Sorry.');
  });

  it('refuses a flow that is not in the template', async () => {
    const { play } = start();
    await expect(play({ contactFlowId: 'other', destination, attributes: {} })).rejects.toThrow(
      'no such contact flow',
    );
  });

  it('refuses at start what it could not play, by name', () => {
    const transfer = {
      Identifier: 'hand over',
      Type: 'TransferContactToQueue',
      Parameters: {},
      Transitions: {},
    };
    const Content = { 'Fn::Join': ['', flow({ 'Fn::GetAtt': ['Speak', 'Arn'] }, [transfer])] };
    expect(() => start({ CodeFlow: { Type: 'AWS::Connect::ContactFlow', Properties: { Content } } })).toThrow(
      'CodeFlow: the local stack does not play the flow action TransferContactToQueue (hand over)',
    );
  });
});
