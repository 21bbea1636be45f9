/** Task tokens that come late, twice or from nowhere, and executions that nobody of ours started: no step forward. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { pollUntil } from '../../shared/composition/poll-until.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { Unavailable } from '../../shared/domain/faults.ts';
import { newChallengeId, slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import type { RecoveryPath } from '../../shared/domain/policy/recovery-paths.ts';
import { failStep, resumeRecovery } from '../../shared/domain/recovery/answer-step.ts';
import type {
  Recovery,
  RecoveryPorts,
  RecoveryStep,
  Workflow,
} from '../../shared/domain/recovery/recovery.ts';
import { recoveryStore } from '../../shared/store/recoveries.ts';
import { someKey } from '../support/person.ts';
import { writeEnd, writeStep } from '../support/recovery-writes.ts';
import { startTable } from '../support/table.ts';

const table = await startTable();
afterAll(() => table.close());

let server: Server;
let workflow: Workflow;
/** What Step Functions answers to every report, and how many it got. */
let answer: { readonly status: number; readonly type: string };
let reports = 0;
let made = 0;

const variables = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-central-1' };

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      reports += 1;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer.status === 200 ? {} : { __type: answer.type, message: 'refused' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, variables, { AWS_ENDPOINT_URL_SFN: `http://127.0.0.1:${port}` });
  workflow = stepFunctions('arn:aws:states:eu-central-1:000000000000:stateMachine:recovery');
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  reports = 0;
});

const now = Date.parse('2026-03-02T09:00:00Z');

function waiting(): Recovery {
  return {
    id: 'recovery',
    client: 'web-login',
    person: someKey('somebody'),
    userId: 'somebody',
    paths: ['kba'],
    path: 'kba',
    startedAt: now,
    expiresAt: now + 900_000,
    status: 'pending',
    step: { type: 'otp', token: 'token', challengeId: 'challenge' },
    body: '',
    revision: 1,
    mac: '',
  };
}

/** A recovery in the table that waits for a code, and what answers it. */
async function waitingFor(more: Partial<Recovery> = {}) {
  made += 1;
  const recoveries = recoveryStore(table, keyringOf(new Map([[1, Buffer.alloc(32, 7)]])));
  const recovery = { ...waiting(), id: `recovery-${made}`, ...more };
  await recoveries.create(recovery);
  const ports: RecoveryPorts = {
    recoveries,
    workflow,
    pollUntil,
    clock: { now: () => now },
    policy: defaultPolicy,
  };
  return { recovery, ports };
}

describe.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
  'stale callback: a token answered by %s',
  (type) => {
    beforeEach(() => {
      answer = { status: 400, type };
    });

    test('is closed, whether it reports success or failure, and no fault', async () => {
      expect(await workflow.succeed('stale', {})).toBe('closed');
      expect(await workflow.fail('stale', 'Refused')).toBe('closed');
      expect(reports).toBe(2);
    });

    test('moves no recovery on: what becomes of the right answer is not known, and nothing is written', async () => {
      const { recovery, ports } = await waitingFor();
      await expect(resumeRecovery(recovery.id, 'challenge', ports)).rejects.toBeInstanceOf(Unavailable);
      await failStep(recovery.id, 'challenge', ports);
      expect(await ports.recoveries.read(recovery.id)).toMatchObject(recovery);
    });
  },
);

test('a fault of Step Functions is no stale callback: it is thrown, and the same request may come again', async () => {
  answer = { status: 400, type: 'AccessDeniedException' };
  await expect(workflow.succeed('token', {})).rejects.toThrow();
  const { recovery, ports } = await waitingFor();
  await expect(resumeRecovery(recovery.id, 'challenge', ports)).rejects.toThrow();
});

test('an answer to another challenge than the step’s is never reported', async () => {
  answer = { status: 200, type: '' };
  const { recovery, ports } = await waitingFor();
  for (const challengeId of ['another', undefined]) {
    expect(await resumeRecovery(recovery.id, challengeId, ports)).toBe('challenge-closed');
  }
  expect(reports).toBe(0);
  expect(await resumeRecovery(recovery.id, 'challenge', ports)).toBe('resumed');
});

describe('forged workflow input', () => {
  const locator = someKey('somebody');
  const id = (kind: 'kba' | 'otp') =>
    newChallengeId({ kind, purpose: 'recovery', locator, slot: slotOf({}) });
  const kba = (): RecoveryStep => ({
    type: 'kba',
    token: 't',
    challengeId: id('kba'),
    questions: [],
    expiresAt: now,
  });
  const otp = (): RecoveryStep => ({ type: 'otp', token: 't', challengeId: id('otp') });
  const backupCode = (): RecoveryStep => ({ type: 'backup-code', token: 't' });
  const choose = (): RecoveryStep => ({ type: 'choose', token: 't' });

  /** Opens the steps one after another as an execution does, and then says that it succeeded. */
  async function ended(path: RecoveryPath | undefined, steps: readonly RecoveryStep[]) {
    const { recovery, ports } = await waitingFor({ path, step: undefined });
    for (const step of steps) await writeStep(recovery.id, step, ports);
    return (await writeEnd(recovery.id, 'succeeded', ports))?.status;
  }

  test.each([
    ['questions alone', 'kba+otp-alternate-email', [kba()]],
    ['a code alone', 'kba+otp-alternate-email', [otp()]],
    ['the wrong order', 'kba+otp-alternate-email', [otp(), kba()]],
    ['a backup code', 'otp-alternate-email', [backupCode()]],
    ['questions for a code', 'otp-alternate-email', [kba()]],
    ['nothing', 'kba', []],
    ['no path', undefined, [choose()]],
  ] as const)(
    'an execution that asked for %s where the path asks for more ends in failure',
    async (_, path, steps) => {
      expect(await ended(path, steps)).toBe('failed');
    },
  );

  test.each([
    ['kba', [choose(), kba()]],
    ['otp-alternate-email', [otp()]],
    ['kba+otp-alternate-email', [kba(), otp()]],
    ['backup-code', [backupCode()]],
  ] as const)('an execution that asked for all of %s succeeds', async (path, steps) => {
    expect(await ended(path, steps)).toBe('succeeded');
  });

  test('about a recovery that is not there changes nothing', async () => {
    const { ports } = await waitingFor();
    expect(await writeStep('x'.repeat(32), otp(), ports)).toBeUndefined();
    expect(await ports.recoveries.read('x'.repeat(32))).toBeUndefined();
  });
});
