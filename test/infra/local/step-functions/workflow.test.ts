/** How the interpreter runs tasks, tokens, retries and time-outs. */
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../aws/fixtures/aws-emulator.ts';
import { startWorkflow } from './fixtures/workflow.ts';

const failed = (errorType: string) => ({
  failure: 'error' as const,
  payload: JSON.stringify({ errorType, errorMessage: 'planted-detail' }),
});

describe('the recovery workflow', () => {
  it.each([
    ['kba', ['ask-questions']],
    ['otp-alternate-email', ['send-code']],
    ['kba+otp-alternate-email', ['ask-questions', 'send-code']],
    ['backup-code', ['ask-backup-code']],
  ])('by %s asks for each step in order, then succeeds', async (path, steps) => {
    const workflow = await startWorkflow();
    const execution = await workflow.start(path);
    for (const step of steps) {
      const { token = '', ...rest } = await workflow.call(step);
      expect(rest).toEqual({ task: step, recoveryId: 'recovery-1' });
      expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
      await workflow.succeed(token);
    }
    const { status, output } = await workflow.ended(execution);
    expect({ status, output: JSON.parse(output ?? '') }).toEqual({
      status: 'SUCCEEDED',
      output: { recoveryId: 'recovery-1', path },
    });
    expect(workflow.tasks()).toEqual([...steps, 'succeed']);
  });

  it('lets the person choose where the path is left open', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('');
    await workflow.succeed(await workflow.token('ask-path'), { path: 'backup-code' });
    await workflow.succeed(await workflow.token('ask-backup-code'));
    expect((await workflow.ended(execution)).status).toBe('SUCCEEDED');
    expect(workflow.tasks()).toEqual(['ask-path', 'ask-backup-code', 'succeed']);
  });

  it('fails on a path that it does not know', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('carrier-pigeon');
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryFailed' });
    expect(workflow.calls).toEqual([{ task: 'fail', recoveryId: 'recovery-1', reason: 'UnknownPath' }]);
  });

  it('gives each task a token of its own', async () => {
    const workflow = await startWorkflow();
    await workflow.start('kba+otp-alternate-email');
    const first = await workflow.token('ask-questions');
    await workflow.succeed(first);
    expect(await workflow.token('send-code')).not.toBe(first);
  });

  it.each(['AttemptsExhausted', 'Refused'])('fails at once when a task is failed with %s', async (error) => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('kba');
    await workflow.fail(await workflow.token('ask-questions'), error);
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryFailed' });
    expect(workflow.calls.at(-1)).toEqual({ task: 'fail', recoveryId: 'recovery-1', reason: error });
    expect(workflow.tasks()).toEqual(['ask-questions', 'fail']);
  });

  it('tries a fault again under a new token', async () => {
    let faults = 1;
    const answer = () => (faults-- > 0 ? failed('InternalServerError') : undefined);
    const workflow = await startWorkflow({ answer });
    const execution = await workflow.start('kba');
    const second = await workflow.token('ask-questions', 2);
    const [first] = workflow.calls;
    await expect(workflow.succeed(first?.token ?? '')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await workflow.succeed(second);
    expect((await workflow.ended(execution)).status).toBe('SUCCEEDED');
  });

  it('gives a fault up after the fourth try, and tells neither log nor caller what the function said', async () => {
    const answer = ({ task }: { task: string }) =>
      task === 'fail' ? undefined : failed('InternalServerError');
    const workflow = await startWorkflow({ answer });
    const execution = await workflow.start('otp-alternate-email');
    const { status } = await workflow.ended(execution);
    expect(status).toBe('FAILED');
    expect(workflow.tasks()).toEqual(['send-code', 'send-code', 'send-code', 'send-code', 'fail']);
    expect(workflow.calls.at(-1)?.reason).toBe('InternalServerError');
    expect(JSON.stringify(workflow.states.history('execution-otp-alternate-email'))).not.toContain('planted');
  });

  it('has failed when its success cannot be written down', async () => {
    const answer = ({ task }: { task: string }) => (task === 'succeed' ? failed('Refused') : undefined);
    const workflow = await startWorkflow({ answer });
    const execution = await workflow.start('backup-code');
    await workflow.succeed(await workflow.token('ask-backup-code'));
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryFailed' });
  });

  it('fails even when nobody can be told', async () => {
    const answer = ({ task }: { task: string }) => (task === 'fail' ? failed('Refused') : undefined);
    const workflow = await startWorkflow({ answer });
    const execution = await workflow.start('kba');
    await workflow.fail(await workflow.token('ask-questions'), 'Refused');
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryFailed' });
  });
});

describe('time', () => {
  it('runs out for a task by the movable clock', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('');
    const token = await workflow.token('ask-path');
    workflow.advance(899);
    expect((await workflow.describe(execution)).status).toBe('RUNNING');
    workflow.advance(1);
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryTimedOut' });
    expect(workflow.tasks()).toEqual(['ask-path', 'time-out']);
    await expect(workflow.succeed(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('runs out for the last step of the slowest person, and the recovery is told', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('');
    const choice = await workflow.token('ask-path');
    workflow.advance(899);
    await workflow.succeed(choice, { path: 'kba+otp-alternate-email' });
    const answers = await workflow.token('ask-questions');
    workflow.advance(629);
    await workflow.succeed(answers);
    await workflow.token('send-code');
    workflow.advance(330);
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryTimedOut' });
    expect(workflow.tasks().at(-1)).toBe('time-out');
  });

  it('runs out for the whole, whatever its tasks have left', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('');
    for (const count of [1, 2, 3]) {
      const token = await workflow.token('ask-path', count);
      workflow.advance(899);
      await workflow.fail(token, 'InternalServerError');
    }
    const late = await workflow.token('ask-path', 4);
    workflow.advance(63);
    expect((await workflow.ended(execution)).status).toBe('TIMED_OUT');
    await expect(workflow.succeed(late)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('that jumps past both ends the task first, and the recovery is told', async () => {
    const workflow = await startWorkflow();
    const execution = await workflow.start('kba');
    await workflow.token('ask-questions');
    workflow.advance(86_400);
    expect(await workflow.ended(execution)).toMatchObject({ status: 'FAILED', error: 'RecoveryTimedOut' });
    expect(workflow.tasks()).toEqual(['ask-questions', 'time-out']);
  });

  it('leaves a task the time that it had when the clock is set back, after a restart too', async () => {
    const directory = temporaryDirectory();
    const before = await startWorkflow({ directory });
    before.advance(3_600);
    const execution = await before.start('kba');
    await before.submitted(execution, 1);
    before.advance(800);
    before.resetClock();
    before.advance(99);
    expect((await before.describe(execution)).status).toBe('RUNNING');
    await before.close();

    const after = await startWorkflow({ directory });
    await after.submitted(execution, 1);
    expect((await after.describe(execution)).status).toBe('RUNNING');
    after.advance(1);
    expect(await after.ended(execution)).toMatchObject({ status: 'FAILED' });
  });
});
