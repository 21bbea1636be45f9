/** Functions in threads of their own: results, errors, time-outs and the moved clock. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../../../infra/local/clock/clock.ts';
import { createFunctions, type Functions } from '../../../../infra/local/lambda/functions.ts';
import { readAssembly } from '../../../../infra/local/template/assembly.ts';
import { createTemplate } from '../../../../infra/local/template/template.ts';
import { writeAssembly } from '../fixtures/assembly.ts';

const directory = writeAssembly();
const assembly = readAssembly(directory);
const location = { origin: 'http://127.0.0.1:4321', queueOrigin: () => 'http://127.0.0.1:5555' };
const clock = createClock();
const lines: string[] = [];
let functions: Functions;

const call = async (wish?: string) => {
  const event = wish === undefined ? {} : { queryStringParameters: { do: wish } };
  const { payload, failure } = await functions.invoke('Echo', event);
  return { failure, result: JSON.parse(payload) };
};
const echoed = async () => JSON.parse((await call()).result.body);

beforeAll(async () => {
  functions = createFunctions({
    template: createTemplate(assembly, location),
    assembly,
    clock,
    serviceEnvironment: { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:9' },
    log: (id, line) => lines.push(`${id} ${line}`),
  });
  await functions.load();
});
afterAll(async () => {
  await functions.stop();
  rmSync(directory, { recursive: true });
});

describe('a function', () => {
  it('sees the template’s environment and Lambda’s own, and nothing of this process', async () => {
    process.env['PLANTED'] = 'yes';
    const { environment } = await echoed();
    expect(Object.keys(environment).sort()).toEqual([
      'API_URL',
      'AWS_ACCESS_KEY_ID',
      'AWS_ENDPOINT_URL_KMS',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'FLOW_ID',
      'LAMBDA_TASK_ROOT',
      'PEPPER_KEYS',
      'TABLE_NAME',
      'WORK_QUEUE_URL',
    ]);
  });

  it('lives by the movable clock, in every way of asking for the time', async () => {
    clock.advance(7_200);
    const { now, made, text, isDate, year } = await echoed();
    const ahead = (time: number) => Math.round((time - Date.now()) / 60_000);
    expect([now, Date.parse(made), Date.parse(text)].map(ahead)).toEqual([120, 120, 120]);
    expect({ isDate, year }).toEqual({ isDate: true, year: 2020 });
  });

  it('is counted for as long as it runs', async () => {
    const echo = echoed();
    expect(functions.running()).toBe(1);
    await echo;
    expect(functions.running()).toBe(0);
  });

  it('is told its name and request id', async () => {
    const { context } = await echoed();
    expect(context).toMatchObject({
      functionName: 'Echo',
      memoryLimitInMB: '512',
      awsRequestId: expect.any(String),
    });
  });

  it('fails with the error’s type and message when it throws, and leaves the stack in its log', async () => {
    const { failure, result } = await call('throw');
    expect(failure).toBe('error');
    expect(result).toMatchObject({ errorType: 'Error', errorMessage: 'planted-detail' });
    await expect.poll(() => lines.filter((line) => line.includes('planted-detail'))).not.toEqual([]);
  });

  it('is started anew after it ended its process', async () => {
    expect((await call('exit')).result.errorType).toBe('Runtime.ExitError');
    expect((await call()).failure).toBeUndefined();
  });

  it('is stopped at its time-out without taking the others along', async () => {
    const started = performance.now();
    const [hanging, other] = await Promise.all([call('hang'), call()]);
    expect(hanging.failure).toBe('timeout');
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(other.failure).toBeUndefined();
    expect((await call()).failure).toBeUndefined();
  });

  it('may not answer with more than Lambda passes on', async () => {
    expect((await call('large')).result.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('may not be asked with more than Lambda takes', async () => {
    expect((await functions.invoke('Echo', 'x'.repeat(7 * 1024 * 1024))).failure).toBe('too-large');
  });

  it('has its lines captured', async () => {
    await call('print');
    await expect.poll(() => lines).toContain('Echo one line');
  });
});
