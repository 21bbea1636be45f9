/** Definitions that the local stack refuses by name, since it cannot run them as AWS does. */
import { describe, expect, it } from 'vitest';
import { readMachines } from '../../../../infra/local/step-functions/machine.ts';
import { templateWith } from './fixtures/workflow.ts';

const functionName = { 'Fn::GetAtt': ['recovery5405A780', 'Arn'] };
const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionName, Payload: { 'id.$': '$.id' } },
  End: true,
};
const waiting = `${task.Resource}.waitForTaskToken`;
const withTask = (changes: object, machine: object = {}) => ({
  StartAt: 'One',
  States: { One: { ...task, ...changes } },
  ...machine,
});
const payload = (reference: string) => ({
  Parameters: { FunctionName: functionName, Payload: { 'value.$': reference } },
});
const state = (one: object) => ({ StartAt: 'One', States: { One: one, Two: { Type: 'Succeed' } } });
const rule = (test: object) =>
  state({ Type: 'Choice', Choices: [{ Variable: '$.a', ...test, Next: 'Two' }] });

describe('a definition', () => {
  it('that can be run is taken', () => {
    const [machine] = readMachines(templateWith(withTask({})));
    expect(machine?.tasks.get('One')).toMatchObject({ waits: false });
    expect(readMachines(templateWith())[0]?.tasks.size).toBe(7);
  });

  it.each([
    ['HeartbeatSeconds', withTask({ HeartbeatSeconds: 5 })],
    ['TimeoutSecondsPath', withTask({ TimeoutSecondsPath: '$.t' })],
    ['Assign', withTask({ Assign: { a: 1 } })],
    ['Arguments', withTask({ Arguments: {} })],
    ['QueryLanguage JSONata', withTask({ QueryLanguage: 'JSONata' })],
    ['QueryLanguage JSONata', withTask({}, { QueryLanguage: 'JSONata' })],
    ['ResultPath \\$', withTask({ ResultPath: '$' })],
    ['\\$\\$.State.Name', withTask(payload('$$.State.Name'))],
    ['\\$\\$.Execution.StartTime', withTask(payload('$$.Execution.StartTime'))],
    ['\\$\\.\\.id', withTask(payload('$..id'))],
    ['States.UUID', withTask(payload('States.UUID()'))],
    ['States.UUID', withTask(payload("States.Format('{}', States.UUID())"))],
    ['States.Unknown', withTask(payload('States.Unknown($.a)'))],
    ['\\$\\$.State.Name', withTask(payload("States.Format('{}', $$.State.Name)"))],
    ['JitterStrategy', withTask({ Retry: [{ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' }] })],
    ['Catch: Assign', withTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'One', Assign: {} }] })],
    ['Resource arn:aws:states:::sqs:sendMessage', withTask({ Resource: 'arn:aws:states:::sqs:sendMessage' })],
    ['Parameters: Qualifier', withTask({ Parameters: { ...task.Parameters, Qualifier: '1' } })],
    ['hands \\$\\$.Task.Token to nobody', withTask({ Resource: waiting })],
    ['type Map', state({ Type: 'Map', ItemProcessor: {}, End: true })],
    ['type Parallel', state({ Type: 'Parallel', Branches: [], End: true })],
    ['type Wait', state({ Type: 'Wait', Seconds: 5, Next: 'Two' })],
    ['IsPresent false', rule({ IsPresent: false })],
    ['StringMatches', rule({ StringMatches: '*' })],
    ['Choices: Condition', rule({ Condition: '{% true %}' })],
    ['an empty Result', state({ Type: 'Pass', Result: '', Next: 'Two' })],
    ['CausePath', state({ Type: 'Fail', CausePath: '$.cause' })],
  ])('with %s is refused by the name of the state', (what, definition) => {
    const place = 'QueryLanguage' in definition ? '' : 'state One: ';
    expect(() => readMachines(templateWith(definition))).toThrow(
      new RegExp(`^Recovery\\w+: ${place}.*${what}`),
    );
  });

  it('that names a function of somewhere else is refused', () => {
    const Parameters = {
      FunctionName: 'arn:aws:lambda:eu-central-1:000000000000:function:other',
      Payload: {},
    };
    expect(() => readMachines(templateWith(withTask({ Parameters })))).toThrow(
      'function:other is not in the template',
    );
  });

  it('that leads nowhere is refused', () => {
    const lost = withTask({ End: undefined, Next: 'Nowhere' });
    expect(() => readMachines(templateWith(lost))).toThrow(/invalid/);
  });

  it('of an express workflow, or with substitutions, is refused', () => {
    const more = { StateMachineType: 'EXPRESS' };
    expect(() => readMachines(templateWith(withTask({}), more))).toThrow('only STANDARD');
    const substituted = { DefinitionSubstitutions: { a: 'b' } };
    expect(() => readMachines(templateWith(withTask({}), substituted))).toThrow('DefinitionSubstitutions');
  });
});
