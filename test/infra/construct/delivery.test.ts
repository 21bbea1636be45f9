/** Delivery queues of the template: one for each pace, encrypted, with dead letters. */
import { describe, expect, it } from 'vitest';
import { resourcesOf, target, templateOf, voice } from '../template.ts';

const withVoice = templateOf({ voice });
const queueNames = (template: typeof withVoice) =>
  [...resourcesOf(template, 'AWS::SQS::Queue').keys()]
    .map((id) => id.replace(/^Delivery/, '').replace(/[0-9A-F]{8}$/, ''))
    .sort();

/** Messages in a batch, and batches at the same time. */
const sourceOf = (template: typeof withVoice, name: string) => {
  const mappings = [...resourcesOf(template, 'AWS::Lambda::EventSourceMapping').values()];
  const found = mappings.find((each) => target(each['EventSourceArn']).startsWith(`Delivery${name}`));
  return [found?.['BatchSize'], found?.['ScalingConfig'].MaximumConcurrency];
};
const told = (template: typeof withVoice): Record<string, string> => {
  const workers = [...resourcesOf(template, 'AWS::Lambda::Function')];
  return workers.find(([id]) => id.startsWith('deliver'))?.[1]['Environment'].Variables;
};

describe('delivery queues', () => {
  it('are one for each pace, each with its dead letters', () => {
    expect(queueNames(withVoice)).toEqual(
      ['call', 'email', 'notice', 'outcome', 'sms'].flatMap((name) => [name, `${name}dead`]),
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
    for (const name of ['Sms', 'Email', 'Call', 'Notice', 'Outcome']) {
      const logical = `Delivery${name.toLowerCase()}`;
      expect(nameOf(`QueueName${name}`)).toMatch(new RegExp(`^${logical}[0-9A-F]{8}$`));
      expect(nameOf(`DeadLetterQueueName${name}`)).toMatch(new RegExp(`^${logical}dead[0-9A-F]{8}$`));
    }
  });

  it('leave calls out where there is no voice', () => {
    expect(queueNames(templateOf())).toEqual(
      ['email', 'notice', 'outcome', 'sms'].flatMap((name) => [name, `${name}dead`]),
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

  it('hand the worker batches of which it may fail parts', () => {
    const mappings = [...resourcesOf(withVoice, 'AWS::Lambda::EventSourceMapping').values()];
    expect(mappings.map((mapping) => mapping['FunctionResponseTypes'])).toEqual(
      mappings.map(() => ['ReportBatchItemFailures']),
    );
  });

  it('have the paces of what accounts get from AWS, and the worker is told', () => {
    expect(sourceOf(withVoice, 'sms')).toEqual([4, 4]);
    expect(sourceOf(withVoice, 'email')).toEqual([3, 3]);
    expect(sourceOf(withVoice, 'notice')).toEqual([2, 2]);
    expect(sourceOf(withVoice, 'call')).toEqual([1, 2]);
    expect(told(withVoice)).toMatchObject({
      PACES: '{"sms":250,"email":300,"call":1000,"notice":500,"outcome":2}',
      CALLS_AT_ONCE: '10',
    });
  });

  it('have the paces that the stage names', () => {
    const delivery = { sms: { perSecond: 100 }, call: { perSecond: 5, concurrency: 5, atOnce: 60 } };
    const fast = templateOf({ voice, delivery });
    expect(sourceOf(fast, 'sms')).toEqual([5, 20]);
    expect(sourceOf(fast, 'call')).toEqual([1, 5]);
    expect(told(fast)['PACES']).toContain('"sms":200,');
    expect(told(fast)).toMatchObject({ CALLS_AT_ONCE: '60' });
  });

  it('keep concurrency for the worker and for calls where the stage says so', () => {
    const reservedOf = (template: typeof withVoice, name: string) =>
      [...resourcesOf(template, 'AWS::Lambda::Function')].find(([id]) => id.startsWith(name))?.[1][
        'ReservedConcurrentExecutions'
      ];
    const reserved = templateOf({ voice, delivery: { reserved: true, call: { atOnce: 12 } } });
    expect(reservedOf(reserved, 'deliver')).toBe(4 + 3 + 2 + 2 + 2);
    expect(reservedOf(reserved, 'speakotp')).toBe(12);
    expect(reservedOf(withVoice, 'deliver')).toBeUndefined();
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
