/** Executions that go on after a restart. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../aws/fixtures/aws-emulator.ts';
import { remains, startWorkflow, templateWith } from './fixtures/workflow.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});

const noFunction = { failure: 'error', payload: '{"errorType":"Refused"}' } as const;

describe('after a kill in the middle', () => {
  it('a task waits on under its token, and what was done is not done again', async () => {
    const before = await startWorkflow({ directory });
    const execution = await before.start('kba+otp-alternate-email');
    await before.succeed(await before.token('ask-questions'));
    const token = await before.token('send-code');
    await before.submitted(execution, 2);

    const after = await startWorkflow({ directory: remains(directory) });
    await after.succeed(token);
    expect((await after.ended(execution)).status).toBe('SUCCEEDED');
    expect(after.tasks()).toEqual(['succeed']);
  });

  it('a report counts that was answered before', async () => {
    const before = await startWorkflow({ directory });
    const execution = await before.start('kba+otp-alternate-email');
    await before.succeed(await before.token('ask-questions'));

    const after = await startWorkflow({ directory: remains(directory) });
    await after.succeed(await after.token('send-code'));
    expect((await after.ended(execution)).status).toBe('SUCCEEDED');
    expect(after.tasks()).not.toContain('ask-questions');
  });

  it('a function that had not returned is called again with the same token', async () => {
    const before = await startWorkflow({ directory, until: new Promise(() => {}) });
    await before.start('kba');
    const token = await before.token('ask-questions');

    const after = await startWorkflow({ directory: remains(directory) });
    expect(await after.token('ask-questions')).toBe(token);
  });

  it('a token that was used stays used, and one that is foreign foreign', async () => {
    const before = await startWorkflow({ directory });
    await before.start('kba+otp-alternate-email');
    const used = await before.token('ask-questions');
    await before.succeed(used);
    await before.call('send-code');

    const after = await startWorkflow({ directory: remains(directory) });
    await expect(after.succeed(used)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await expect(after.succeed('A'.repeat(43))).rejects.toMatchObject({ name: 'InvalidToken' });
  });

  it('a task whose time passed meanwhile ends in a time-out', async () => {
    const before = await startWorkflow({ directory });
    const execution = await before.start('kba');
    await before.submitted(execution, 1);
    const copy = remains(directory);
    writeFileSync(join(copy, 'clock.json'), JSON.stringify({ offsetMilliseconds: 86_400_000 }));

    const after = await startWorkflow({ directory: copy });
    expect(await after.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryTimedOut' });
    expect(after.tasks()).toEqual(['time-out']);
  });

  it('the history goes on where it was, without repeating itself', async () => {
    const before = await startWorkflow({ directory });
    const execution = await before.start('kba+otp-alternate-email');
    await before.succeed(await before.token('ask-questions'));
    await before.call('send-code');
    await before.submitted(execution, 2);
    const after = await startWorkflow({ directory: remains(directory) });
    await after.succeed(await before.token('send-code'));
    await after.ended(execution);

    const whole = await startWorkflow();
    const other = await whole.start('kba+otp-alternate-email');
    await whole.succeed(await whole.token('ask-questions'));
    await whole.succeed(await whole.token('send-code'));
    await whole.ended(other);
    expect(await after.types(execution)).toEqual(await whole.types(other));
  });

  it('tries of a fault are counted on, and waits between them are not repeated', async () => {
    const before = await startWorkflow({
      directory,
      answer: ({ task }) => faultIn(task, before.calls.length, 3),
    });
    const execution = await before.start('kba');
    const token = await before.token('ask-questions', 3);
    await before.submitted(execution, 1);

    const timers = vi.spyOn(globalThis, 'setTimeout');
    const after = await startWorkflow({ directory: remains(directory) });
    await after.succeed(token);
    expect((await after.ended(execution)).status).toBe('SUCCEEDED');
    const waits = timers.mock.calls.map(([, milliseconds]) => milliseconds);
    timers.mockRestore();
    expect(waits).not.toContain(2_000); // the second of the two waits between three tries
  });

  it('an execution whose definition has changed has failed', async () => {
    const before = await startWorkflow({ directory });
    const execution = await before.start('kba');
    await before.submitted(execution, 1);
    const [machine] = templateWith().ofType('AWS::StepFunctions::StateMachine');
    const text = JSON.stringify(
      templateWith().resolve(machine?.[1].Properties['DefinitionString'], 'machine'),
    );
    const definition = JSON.parse(JSON.parse(text.replaceAll('AskQuestions', 'AskSomethingElse')));

    const after = await startWorkflow({ directory: remains(directory), definition });
    expect(await after.ended(execution)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(after.tasks()).toEqual([]);
  });

  it('the name stays taken by what has ended', async () => {
    const before = await startWorkflow({ directory, answer: () => noFunction });
    await before.ended(await before.start('kba', 'once'));
    await before.close();
    const after = await startWorkflow({ directory });
    await expect(after.start('kba', 'once')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });
});

describe('the file', () => {
  it('is for its owner only', async () => {
    const workflow = await startWorkflow({ directory });
    await workflow.start('kba');
    expect(statSync(join(directory, 'executions.json')).mode & 0o777).toBe(0o600);
  });

  it('is named when it is damaged, and stays as it is', async () => {
    const file = join(directory, 'executions.json');
    writeFileSync(file, '[{');
    await expect(startWorkflow({ directory })).rejects.toThrow('executions.json cannot be read');
    expect(readFileSync(file, 'utf8')).toBe('[{');
  });
});

/** The first `count - 1` calls of the first task fail. */
function faultIn(task: string, calls: number, count: number) {
  return task === 'ask-questions' && calls < count
    ? ({ failure: 'error', payload: '{"errorType":"InternalServerError"}' } as const)
    : undefined;
}
