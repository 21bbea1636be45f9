/** The contact flow of the template: what a call says, and how it ends. */
import { App, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { locales } from '../../../infra/configuration/schema.ts';
import { speakCode } from '../../../infra/construct/contact-flow.ts';
import {
  featureFlags,
  type Properties,
  resourcesOf,
  stackOf,
  target,
  templateOf,
  voice,
} from '../template.ts';

const flow = speakCode('arn:aws:lambda:eu-central-1:000000000000:function:speak');
const actions: readonly Properties[] = flow.Actions;
const named = new Map(actions.map((action) => [action['Identifier'] as string, action]));
const following = ({ Transitions }: Properties): string[] =>
  [
    Transitions.NextAction,
    ...[...(Transitions.Conditions ?? []), ...(Transitions.Errors ?? [])].map(next),
  ].filter((id) => id !== undefined);
const next = ({ NextAction }: Properties): string => NextAction;
const only = (type: string): Properties => {
  const [found, ...more] = actions.filter(({ Type }) => Type === type);
  if (found === undefined || more.length > 0) throw new Error(`${type}: expected one`);
  return found;
};

describe('the contact flow', () => {
  it('turns its log off before it does anything else', () => {
    expect(named.get(flow.StartAction)).toMatchObject({
      Type: 'UpdateFlowLoggingBehavior',
      Parameters: { FlowLoggingBehavior: 'Disabled' },
    });
  });

  it('reaches every action and leads nowhere else, and everything ends by hanging up', () => {
    const reached = new Set<string>();
    const visit = (id: string): void => {
      if (reached.has(id)) return;
      reached.add(id);
      const action = named.get(id);
      if (action === undefined) throw new Error(`${id} does not exist`);
      for (const after of following(action)) visit(after);
    };
    visit(flow.StartAction);
    expect([...reached].sort()).toEqual([...named.keys()].sort());
    const last = actions.filter((action) => following(action).length === 0);
    expect(last.map(({ Type }) => Type)).toEqual(['DisconnectParticipant']);
  });

  it('says what the function answered, and by itself only that it has no code', () => {
    const said = [...new Set(actions.flatMap(({ Parameters: { Text, SSML } }) => Text ?? SSML ?? []))];
    expect(said.filter((text) => !text.startsWith('$.'))).toEqual([
      'We are sorry, your code is not available. Please ask for a new one.',
    ]);
    expect(said.filter((text) => text.startsWith('$.')).sort()).toEqual([
      '$.External.goodbye',
      '$.External.greeting',
      '$.External.ssml',
    ]);
  });

  it('never writes into contact attributes, which Connect keeps for two years', () => {
    const writing = actions.filter(({ Type }) => /Attributes|ContactData|Recording/.test(Type));
    expect(writing).toEqual([]);
    expect(only('InvokeLambdaFunction')['Parameters'].LambdaInvocationAttributes).toEqual({
      deliveryId: '$.Attributes.deliveryId',
    });
  });

  it('code told to an answering machine: it is spoken after the one digit that was asked for, three times', () => {
    const speaking = actions.find(({ Parameters }) => Parameters.SSML === '$.External.ssml');
    const loop = only('Loop');
    const before = (id: string) => actions.filter((action) => following(action).includes(id));
    expect(before(speaking?.['Identifier'])).toEqual([loop]);
    expect(loop['Parameters'].LoopCount).toBe('3');
    const greetings = actions.filter(({ Type }) => Type === 'GetParticipantInput');
    expect(before(loop['Identifier'])).toEqual([...greetings, speaking]);
    const asked = named.get('choose-key') as Properties;
    expect(asked['Parameters'].ComparisonValue).toBe('$.External.digit');
    const branches = asked['Transitions'].Conditions.map(({ NextAction, Condition }: Properties) => {
      const { Transitions } = named.get(NextAction) as Properties;
      const pressed = Transitions.Conditions.flatMap(({ Condition: key }: Properties) => key.Operands);
      expect([Transitions.NextAction, ...Transitions.Errors.map(next)]).not.toContain(loop['Identifier']);
      return [Condition.Operands, pressed];
    });
    expect(branches).toEqual([...'0123456789'].map((digit) => [[digit], [digit]]));
    expect(following(asked)).not.toContain(loop['Identifier']);
  });

  it('has a voice for every language, chosen before the first word', () => {
    const { Transitions } = named.get('choose-voice') as Properties;
    const spoken = Transitions.Conditions.map(({ Condition }: Properties) => Condition.Operands[0]);
    expect(spoken.sort()).toEqual([...locales].sort());
    for (const chosen of Transitions.Conditions.map(next)) {
      expect(named.get(chosen)?.['Type']).toBe('UpdateContactTextToSpeechVoice');
    }
  });

  it('says goodbye at once to whoever answers after the life of the code', () => {
    const { Parameters, Transitions } = named.get('in-time') as Properties;
    expect(Parameters.ComparisonValue).toBe('$.External.outcome');
    expect(Transitions.Conditions).toEqual([
      { NextAction: 'choose-key', Condition: { Operator: 'Equals', Operands: ['code'] } },
    ]);
    expect([Transitions.NextAction, ...Transitions.Errors.map(next)]).toEqual(['goodbye', 'goodbye']);
  });

  it('keeps to the length that Connect allows for identifiers', () => {
    expect(Math.max(...[...named.keys()].map((id) => id.length))).toBeLessThanOrEqual(50);
  });
});

describe('a stage with voice', () => {
  const template = templateOf({ voice });

  it('lets its Connect instance, and no other, ask for what to say', () => {
    const [permission] = [...resourcesOf(template, 'AWS::Lambda::Permission').values()].filter(
      ({ Principal }) => Principal === 'connect.amazonaws.com',
    );
    expect(target(permission?.['FunctionName'])).toMatch(/^speakotp/);
    expect(JSON.stringify(permission?.['SourceArn'])).toContain(`:instance/${voice.instanceId}`);
    expect(permission?.['SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
  });

  it('associates its function without tags, which Connect does not take for a function', () => {
    const app = new App({ builtinCloudFormationValidation: false, context: featureFlags });
    const stack = stackOf(app, { voice });
    Tags.of(stack).add('stage', 'production');
    const tagged = Template.fromStack(stack);
    const [association] = resourcesOf(tagged, 'AWS::Connect::IntegrationAssociation').values();
    const properties = ['InstanceId', 'IntegrationArn', 'IntegrationType'];
    expect(Object.keys(association ?? {}).sort()).toEqual(properties);
    expect(association?.['IntegrationType']).toBe('LAMBDA_FUNCTION');
    const [flow] = resourcesOf(tagged, 'AWS::Connect::ContactFlow').values();
    expect(flow?.['Tags']).toEqual([{ Key: 'stage', Value: 'production' }]);
  });

  it('names its flow by the stage, because stages may share an instance', () => {
    const [deployed] = resourcesOf(template, 'AWS::Connect::ContactFlow').values();
    expect(deployed?.['Name']).toBe('MFA fallback: speak a code (production)');
  });
});

describe('a stage without voice', () => {
  it('has nothing of Connect', () => {
    expect(JSON.stringify(templateOf().toJSON())).not.toContain('AWS::Connect');
  });
});
