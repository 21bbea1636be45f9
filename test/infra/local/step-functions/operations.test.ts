/** The operations of Step Functions that the emulator serves. */
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { startWorkflow } from './fixtures/workflow.ts';

describe('starting', () => {
  it('of one name by twenty at once makes one execution', async () => {
    const workflow = await startWorkflow();
    const all = await Promise.all(Array.from({ length: 20 }, () => workflow.start('kba', 'same')));
    expect(new Set(all).size).toBe(1);
    await workflow.call('ask-questions');
    const { stateMachineArn } = workflow;
    const { executions } = await workflow.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions).toHaveLength(1);
    expect(workflow.calls).toHaveLength(1);
  });

  it('under a name with another input, or of one that has ended, is refused', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('kba', 'taken');
    const taken = { name: 'ExecutionAlreadyExists' };
    await expect(workflow.start('backup-code', 'taken')).rejects.toMatchObject(taken);
    await workflow.succeed(await workflow.token('ask-questions'));
    await workflow.ended(execution);
    await expect(workflow.start('kba', 'taken')).rejects.toMatchObject(taken);
  });

  it.each([
    [{ stateMachineArn: 'arn:aws:states:eu-central-1:0:stateMachine:other' }, 'StateMachineDoesNotExist'],
    [{ name: 'no spaces' }, 'InvalidName'],
    [{ name: 'x'.repeat(81) }, 'InvalidName'],
    [{ input: '{' }, 'InvalidExecutionInput'],
  ])('with %o is refused', async (input, name) => {
    const { sfn, stateMachineArn } = await startWorkflow();
    const start = sfn.send(new StartExecutionCommand({ stateMachineArn, ...input }));
    await expect(start).rejects.toMatchObject({ name });
  });
});

describe('a token', () => {
  it('works once, whether it reports success or failure', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('kba');
    const token = await workflow.token('ask-questions');
    const reports = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0 ? workflow.succeed(token) : workflow.fail(token, 'Refused'),
    );
    const results = await Promise.allSettled(reports);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    expect(new Set(reasons)).toEqual(new Set(['TaskTimedOut']));
    await workflow.ended(execution);
    expect(workflow.calls).toHaveLength(2);
  });

  it('that nobody was given is invalid, and changes nothing', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('kba');
    const token = await workflow.token('ask-questions');
    for (const foreign of ['A'.repeat(43), `${token}A`, token.toUpperCase()]) {
      await expect(workflow.succeed(foreign)).rejects.toMatchObject({ name: 'InvalidToken' });
    }
    expect((await workflow.describe(execution)).status).toBe('RUNNING');
    await workflow.succeed(token);
    expect((await workflow.ended(execution)).status).toBe('SUCCEEDED');
  });

  it('stays open when what it reports is no JSON', async () => {
    const workflow = await startWorkflow();
    await workflow.start('kba');
    const token = await workflow.token('ask-questions');
    await expect(workflow.report(token, '')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(workflow.report(token, '{')).rejects.toMatchObject({ name: 'InvalidOutput' });
    await workflow.succeed(token);
  });

  it('may report before the function that was given it returns', async () => {
    const returning = Promise.withResolvers<undefined>();
    const workflow = await startWorkflow({ until: returning.promise });
    const execution = await workflow.start('kba');
    await workflow.succeed(await workflow.token('ask-questions'));
    returning.resolve(undefined);
    expect((await workflow.ended(execution)).status).toBe('SUCCEEDED');
  });
});

describe('stopping', () => {
  it('ends an execution and closes its task', async () => {
    const workflow = await startWorkflow();
    const executionArn = await workflow.start('kba');
    const token = await workflow.token('ask-questions');
    await workflow.sfn.send(new StopExecutionCommand({ executionArn, error: 'Unwanted' }));
    expect(await workflow.describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Unwanted' });
    await expect(workflow.succeed(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    expect(workflow.tasks()).toEqual(['ask-questions']);
  });
});

describe('reading', () => {
  it('tells the history in order, and nothing in it but names', async () => {
    const workflow = await startWorkflow();
    const executionArn = await workflow.start('');
    await workflow.succeed(await workflow.token('ask-path'), { path: 'kba', planted: 'planted-secret' });
    await workflow.fail(await workflow.token('ask-questions'), 'AttemptsExhausted');
    await workflow.ended(executionArn);
    const { events = [] } = await workflow.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    const told = events.map(({ type, stateEnteredEventDetails, taskFailedEventDetails }) =>
      [type, stateEnteredEventDetails?.name ?? taskFailedEventDetails?.error].filter(Boolean).join(' '),
    );
    expect(told).toEqual([
      'ExecutionStarted',
      'ChoiceStateEntered Route',
      'ChoiceStateExited',
      'TaskStateEntered Choose',
      'TaskScheduled',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'PassStateEntered TakeChoice',
      'PassStateExited',
      'ChoiceStateEntered Route',
      'ChoiceStateExited',
      'TaskStateEntered AskQuestions',
      'TaskScheduled',
      'TaskSubmitted',
      'TaskFailed AttemptsExhausted',
      'TaskStateExited',
      'TaskStateEntered Fail',
      'TaskScheduled',
      'TaskSucceeded',
      'TaskStateExited',
      'FailStateEntered RecoveryFailed',
      'ExecutionFailed',
    ]);
    expect(JSON.stringify(workflow.states.history('execution-'))).not.toContain('planted');
  });

  it('comes in pages, backwards on demand', async () => {
    const workflow = await startWorkflow();
    const executionArn = await workflow.start('kba');
    await workflow.call('ask-questions');
    const first = await workflow.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 2 }));
    const { nextToken } = first;
    const rest = await workflow.sfn.send(new GetExecutionHistoryCommand({ executionArn, nextToken }));
    expect(first.events?.map(({ id }) => id)).toEqual([1, 2]);
    expect(rest.events?.[0]?.id).toBe(3);
    const backwards = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true });
    const { events } = await workflow.sfn.send(backwards);
    expect(events?.at(-1)?.type).toBe('ExecutionStarted');
  });

  it('lists executions by status, newest first', async () => {
    const workflow = await startWorkflow();
    await workflow.ended(await workflow.start('none', 'one'));
    await workflow.start('kba', 'two');
    await workflow.start('kba', 'three');
    const { stateMachineArn, sfn } = workflow;
    const list = async (statusFilter: 'RUNNING' | 'FAILED') =>
      (await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }))).executions?.map(
        ({ name }) => name,
      );
    expect(await list('RUNNING')).toEqual(['three', 'two']);
    expect(await list('FAILED')).toEqual(['one']);
  });

  it('knows no execution that was not started', async () => {
    const workflow = await startWorkflow();
    const unknown = workflow.describe('arn:aws:states:eu-central-1:0:execution:a:b');
    await expect(unknown).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    expect(workflow.states.history('unknown')).toBeUndefined();
  });
});
