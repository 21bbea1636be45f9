/** The recovery workflow of the template: its states, time limits and what may succeed. */
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { defaultPolicy, questionsLifetimeSeconds } from '../../../shared/domain/policy/policy.ts';
import { definitionOf } from '../recovery-stack.ts';
import { functionName, type Properties, resourcesOf, target, templateOf } from '../template.ts';

const template = templateOf();
const definition = definitionOf(template);
const states: Record<string, Properties> = definition['States'];
const tasks = Object.entries(states).filter(([, { Type }]) => Type === 'Task');
const waiting = tasks.filter(([, { Resource }]) => Resource.endsWith('.waitForTaskToken'));
const isEnd = ({ Type }: Properties) => Type === 'Succeed' || Type === 'Fail';

/** Names of the states that can come next, errors included. */
const following = ({ Next, Default, Choices = [], Catch = [] }: Properties): string[] =>
  [Next, Default, ...[...Choices, ...Catch].map((each: Properties) => each['Next'])].filter(Boolean);
const reachable = (from: string, found = new Set<string>()): Set<string> => {
  if (found.has(from)) return found;
  found.add(from);
  for (const next of following(states[from] as Properties)) reachable(next, found);
  return found;
};

describe('the definition of the recovery workflow', () => {
  it('is valid Amazon States Language', () => {
    const { errors } = aslValidator(definition, { checkPaths: true, checkArn: true });
    expect(errors).toEqual([]);
  });

  it('has no state that cannot be reached, and none that cannot reach an end', () => {
    expect([...reachable(definition['StartAt'])].sort()).toEqual(Object.keys(states).sort());
    for (const name of Object.keys(states)) {
      const ends = [...reachable(name)].filter((each) => isEnd(states[each] as Properties));
      expect(ends, name).not.toEqual([]);
    }
  });

  it('ends as succeeded, failed or timed out', () => {
    const ends = Object.entries(states).filter(([, state]) => isEnd(state));
    expect(ends.map(([name, { Type, Error: error }]) => [name, Type, error])).toEqual(
      expect.arrayContaining([
        ['Succeeded', 'Succeed', undefined],
        ['RecoveryFailed', 'Fail', 'RecoveryFailed'],
        ['RecoveryTimedOut', 'Fail', 'RecoveryTimedOut'],
      ]),
    );
    expect(ends).toHaveLength(3);
  });

  it('succeeds by way of the one task that writes the success down', () => {
    const before = Object.entries(states).filter(([, state]) => following(state).includes('Succeeded'));
    expect(before.map(([name]) => name)).toEqual(['Succeed']);
  });

  it('asks the function of each step', () => {
    const asked = waiting.map(([name, { Parameters }]) => [
      name,
      Parameters.FunctionName.split(':').at(-1),
      Parameters.Payload.task,
    ]);
    expect(asked).toHaveLength(4);
    expect(asked).toEqual(
      expect.arrayContaining([
        ['Choose', 'recovery', 'ask-path'],
        ['AskQuestions', 'kba-check', 'ask-questions'],
        ['SendCode', 'issue-otp', 'send-code'],
        ['AskBackupCode', 'verify-otp', 'ask-backup-code'],
      ]),
    );
  });

  it('never waits without end nor longer than a challenge may be answered, and has a way on for each failure', () => {
    const waits: Readonly<Record<string, number>> = {
      Choose: 900,
      AskQuestions: questionsLifetimeSeconds + 30,
      SendCode: defaultPolicy.otp.lifetimeSeconds + 30,
      AskBackupCode: 900,
    };
    for (const [name, { TimeoutSeconds, Catch }] of waiting) {
      expect(TimeoutSeconds, name).toBe(waits[name]);
      expect(Catch, name).toEqual([
        { ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'TimeOut' },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Fail' },
      ]);
    }
    for (const [name, { Catch, TimeoutSeconds }] of tasks) {
      expect(Catch.at(-1).ErrorEquals, name).toEqual(['States.ALL']);
      expect(TimeoutSeconds, name).toBeGreaterThan(0);
    }
    expect(definition['TimeoutSeconds']).toBe(900 + (630 + 330) + 900);
  });

  it('tries faults three times more, and never what was decided or timed out', () => {
    for (const [name, { Retry }] of tasks) {
      const [decided, faults, ...others] = Retry;
      expect(decided, name).toEqual({
        ErrorEquals: ['AttemptsExhausted', 'Refused', 'States.Timeout'],
        MaxAttempts: 0,
      });
      expect(faults, name).toMatchObject({ IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 });
      expect(others, name).toEqual([]);
    }
  });

  it('hands on ids, tokens and names of errors only', () => {
    const payloads = tasks.map(([, { Parameters }]) => Parameters.Payload);
    const references = new Set(payloads.flatMap(({ task: _, ...rest }) => Object.entries(rest).map(String)));
    expect([...references].sort()).toEqual([
      'reason.$,$.error.Error',
      'recoveryId.$,$.recoveryId',
      'token.$,$$.Task.Token',
    ]);
    const kept = tasks
      .map(([name, { ResultPath }]) => [name, ResultPath])
      .filter(([, path]) => path !== null);
    expect(kept).toEqual([['Choose', '$.choice']]);
  });
});

describe('the state machine', () => {
  const [machine] = resourcesOf(template, 'AWS::StepFunctions::StateMachine').values();

  it('logs every step and no data, into an encrypted log group', () => {
    expect(machine).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
    const [destination] = machine?.['LoggingConfiguration'].Destinations ?? [];
    const id = target(destination?.CloudWatchLogsLogGroup.LogGroupArn);
    const logGroup = resourcesOf(template, 'AWS::Logs::LogGroup').get(id);
    expect(target(logGroup?.['KmsKeyId'])).toMatch(/^KeysStorage/);
  });

  it('may call its four functions and write its log, and nothing else', () => {
    const role = target(machine?.['RoleArn']);
    const policies = [...resourcesOf(template, 'AWS::IAM::Policy').values()].filter(({ Roles }) =>
      Roles.some((each: Properties) => target(each) === role),
    );
    const statements: Properties[] = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const [calls, ...others] = statements;
    expect(calls?.['Action']).toBe('lambda:InvokeFunction');
    expect(calls?.['Resource'].map((each: Properties) => functionName(target(each))).sort()).toEqual([
      'issue-otp',
      'kba-check',
      'recovery',
      'verify-otp',
    ]);
    for (const { Action } of others) {
      expect([Action].flat().filter((action) => !action.startsWith('logs:'))).toEqual([]);
    }
  });

  it('is known to its functions by the name that it has', () => {
    const name: string = machine?.['StateMachineName'];
    const functions = [...resourcesOf(template, 'AWS::Lambda::Function')];
    const told = functions.flatMap(([id, { Environment }]) => {
      const arn = Environment?.Variables['RECOVERY_MACHINE_ARN'];
      return arn === undefined ? [] : [[functionName(id), arn]];
    });
    expect(told.map(([id]) => id).sort()).toEqual([
      ...['issue-otp', 'kba-check', 'recovery', 'sign-in', 'verify-otp'],
    ]);
    for (const [, arn] of told) expect(JSON.stringify(arn)).toContain(`:stateMachine:${name}"`);
  });

  it('is started and resumed by those functions alone, and no other machine by them', () => {
    const statements = [...resourcesOf(template, 'AWS::IAM::Policy').values()].flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement as Properties[],
    );
    const steps = statements.filter(({ Action }) => String(Action).includes('states:'));
    expect(steps).toHaveLength(5);
    for (const { Resource } of steps) {
      expect(JSON.stringify(Resource)).toContain(`:stateMachine:${machine?.['StateMachineName']}"`);
    }
  });
});
