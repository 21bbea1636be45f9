import { describe, expect, it } from 'vitest';
import { resourcesOf, target, templateOf, voice } from '../template.ts';

const withVoice = templateOf({ voice });
const queueNames = (template: typeof withVoice) =>
  [...resourcesOf(template, 'AWS::SQS::Queue').keys()]
    .map((id) => id.replace(/^Delivery/, '').replace(/[0-9A-F]{8}$/, ''))
    .sort();

describe('delivery queues', () => {
  it('are one for each pace, each with its dead letters', () => {
    expect(queueNames(withVoice)).toEqual(
      ['call', 'email', 'notice', 'sms'].flatMap((name) => [name, `${name}dead`]),
    );
    const queues = resourcesOf(withVoice, 'AWS::SQS::Queue');
    for (const [id, { RedrivePolicy }] of queues) {
      if (id.includes('dead')) continue;
      const name = id.replace(/[0-9A-F]{8}$/, '');
      expect(target(RedrivePolicy.deadLetterTargetArn)).toMatch(new RegExp(`^${name}dead`));
    }
  });

  it('are named by the outputs, and their dead letters too', () => {
    const nameOf = (output: string) => target(withVoice.findOutputs(output)[output]?.['Value']);
    for (const name of ['Sms', 'Email', 'Call', 'Notice']) {
      const logical = `Delivery${name.toLowerCase()}`;
      expect(nameOf(`QueueName${name}`)).toMatch(new RegExp(`^${logical}[0-9A-F]{8}$`));
      expect(nameOf(`DeadLetterQueueName${name}`)).toMatch(new RegExp(`^${logical}dead[0-9A-F]{8}$`));
    }
  });

  it('leave calls out where there is no voice', () => {
    expect(queueNames(templateOf())).toEqual(
      ['email', 'notice', 'sms'].flatMap((name) => [name, `${name}dead`]),
    );
  });

  it('are encrypted and refuse plain HTTP', () => {
    const queues = resourcesOf(withVoice, 'AWS::SQS::Queue');
    expect([...queues.values()].every(({ SqsManagedSseEnabled }) => SqsManagedSseEnabled)).toBe(true);
    const policies = [...resourcesOf(withVoice, 'AWS::SQS::QueuePolicy').values()];
    const denied = policies.filter((policy) =>
      JSON.stringify(policy).includes('{"Bool":{"aws:SecureTransport":"false"}}'),
    );
    expect(denied.map(({ Queues }) => target(Queues[0])).sort()).toEqual([...queues.keys()].sort());
  });

  it('hand the worker batches of which it may fail parts, and calls one by one at the pace of Connect', () => {
    const mappings = [...resourcesOf(withVoice, 'AWS::Lambda::EventSourceMapping').values()];
    expect(mappings.map((mapping) => mapping['FunctionResponseTypes'])).toEqual(
      mappings.map(() => ['ReportBatchItemFailures']),
    );
    const calls = mappings.find((mapping) => target(mapping['EventSourceArn']).startsWith('Deliverycall'));
    expect(calls).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
  });

  it('hide a message for several times as long as the worker may take', () => {
    const workers = Object.entries(withVoice.findResources('AWS::Lambda::Function'));
    const timeout = workers.find(([id]) => id.startsWith('deliver'))?.[1]['Properties'].Timeout;
    for (const [id, { VisibilityTimeout }] of resourcesOf(withVoice, 'AWS::SQS::Queue')) {
      if (!id.includes('dead')) expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
    }
    expect(timeout).toBeGreaterThan(0);
  });
});
