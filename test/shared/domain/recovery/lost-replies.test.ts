/** A recovery's writes whose reply was lost: the writer knows its own, and nothing later is overwritten. */
import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { pollUntil } from '../../../../shared/composition/poll-until.ts';
import { keyringOf } from '../../../../shared/domain/crypto/keyring.ts';
import { type StateKeys, stateKeysOf } from '../../../../shared/domain/crypto/state-keys.ts';
import { Unavailable } from '../../../../shared/domain/faults.ts';
import { defaultPolicy } from '../../../../shared/domain/policy/policy.ts';
import { resumeRecovery } from '../../../../shared/domain/recovery/answer-step.ts';
import { authenticRecovery } from '../../../../shared/domain/recovery/authentic-recovery.ts';
import { choosePath } from '../../../../shared/domain/recovery/choose-path.ts';
import type { RecoveryPorts, RecoveryStep } from '../../../../shared/domain/recovery/recovery.ts';
import { recoveryStore } from '../../../../shared/store/recoveries.ts';
import { startTestAwsEmulator } from '../../../infra/local/aws/fixtures/aws-emulator.ts';
import { patiently } from '../../../support/patience.ts';
import { someDay, someKey } from '../../../support/person.ts';
import { writeEnd, writeStep } from '../../../support/recovery-writes.ts';
import { untilThere } from '../../../support/table.ts';

const client = 'web-login';
const kba: RecoveryStep = {
  type: 'kba',
  token: 'token-of-questions',
  challengeId: 'questions',
  questions: [],
  expiresAt: someDay + 1,
};
const otp: RecoveryStep = { type: 'otp', token: 'token-of-code', challengeId: 'code' };
const stateKeys = stateKeysOf(new Map([[1, randomBytes(32)]]));
const started = authenticRecovery(
  {
    id: 'A'.repeat(32),
    client,
    person: someKey('somebody'),
    userId: 'somebody',
    paths: ['kba', 'kba+otp-alternate-email'],
    startedAt: someDay,
    expiresAt: someDay + 900_000,
    status: 'pending',
    step: { type: 'choose', token: 'token-of-choice' },
    body: '',
    revision: 1,
  },
  stateKeys,
);

interface Ports extends RecoveryPorts {
  readonly stateKeys: StateKeys;
}

let ports: Ports;
let resumed: string[];
/** Runs between a write that takes effect without a reply and the SDK's repetition of it. */
let meanwhile: () => Promise<unknown>;

/** The next write of a recovery through these ports takes effect, and its reply is lost. */
let losing: Ports;

beforeEach(async () => {
  const aws = await startTestAwsEmulator();
  const table = {
    name: 'table',
    client: new DynamoDBClient(aws.client('dynamodb', { maxAttempts: 2 })),
  };
  await table.client.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  await untilThere(table.client, table.name);
  const recoveries = recoveryStore(table, keyringOf(new Map([[1, Buffer.alloc(32, 7)]])));
  resumed = [];
  ports = {
    recoveries,
    pollUntil,
    clock: { now: () => someDay },
    policy: defaultPolicy,
    stateKeys,
    workflow: {
      start: () => Promise.reject(new Error('nothing is started here')),
      fail: () => Promise.reject(new Error('nothing fails here')),
      async succeed(token) {
        if (resumed.includes(token)) return 'closed';
        resumed.push(token);
        return 'resumed';
      },
    },
  };
  meanwhile = async () => {};
  losing = {
    ...ports,
    recoveries: {
      ...recoveries,
      async write(before, after) {
        aws.faults.set('dynamodb', 'lost-reply', 1);
        const written = await recoveries.write(before, after);
        await meanwhile();
        return written;
      },
    },
  };
  await recoveries.create(started);
});

const read = () => ports.recoveries.read(started.id);

describe('a choice whose write lost its reply', () => {
  test('is made, resumes the workflow once, and is answered as made', async () => {
    const outcome = await choosePath(started.id, client, 'kba', losing);
    expect(outcome).toMatchObject({ kind: 'chosen', recovery: { path: 'kba' } });
    expect(resumed).toEqual(['token-of-choice']);
  });

  test('refuses the other path that comes after it', async () => {
    await choosePath(started.id, client, 'kba', losing);
    const other = await choosePath(started.id, client, 'kba+otp-alternate-email', ports);
    expect(other.kind).toBe('challenge-closed');
    expect((await read())?.path).toBe('kba');
  });
});

describe('a choice that comes second', () => {
  test('of the same path waits for the first one’s step and is answered alike', async () => {
    await choosePath(started.id, client, 'kba', ports);
    const second = choosePath(started.id, client, 'kba', { ...ports, pollUntil: patiently });
    await writeStep(started.id, kba, ports);
    expect(await second).toMatchObject({ kind: 'chosen', recovery: { step: { type: 'kba' } } });
    expect(resumed).toEqual(['token-of-choice']);
  });

  test('of another path is refused, also when it read before the first wrote', async () => {
    const reads = [started];
    const read = async (id: string) => reads.pop() ?? ports.recoveries.read(id);
    const late: Ports = { ...ports, recoveries: { ...ports.recoveries, read } };
    await choosePath(started.id, client, 'kba', ports);
    expect((await choosePath(started.id, client, 'kba+otp-alternate-email', late)).kind).toBe(
      'challenge-closed',
    );
    expect((await ports.recoveries.read(started.id))?.path).toBe('kba');
  });
});

describe('an answer that the workflow has and has not acted on', () => {
  beforeEach(() => writeStep(started.id, kba, ports));

  test('is a fault, and no refusal: what it comes to is not written yet', async () => {
    resumed.push(kba.token); // by this very answer, whose reply was lost
    await expect(resumeRecovery(started.id, 'questions', ports)).rejects.toBeInstanceOf(Unavailable);
  });

  test('is accepted as soon as the next step is there', async () => {
    resumed.push(kba.token);
    const answered = resumeRecovery(started.id, 'questions', { ...ports, pollUntil: patiently });
    await writeStep(started.id, otp, ports);
    expect(await answered).toBe('resumed');
  });

  test('is refused when the recovery ended instead', async () => {
    resumed.push(kba.token);
    const answered = resumeRecovery(started.id, 'questions', { ...ports, pollUntil: patiently });
    await writeEnd(started.id, 'timed-out', ports);
    expect(await answered).toBe('challenge-closed');
  });

  test('is a fault as a choice, too', async () => {
    const other = authenticRecovery({ ...started, id: 'B'.repeat(32) }, stateKeys);
    await ports.recoveries.create(other);
    resumed.push('token-of-choice');
    await expect(choosePath(other.id, client, 'kba', ports)).rejects.toBeInstanceOf(Unavailable);
  });
});

describe('a step whose write lost its reply', () => {
  test('is open, by one write', async () => {
    await writeStep(started.id, kba, losing);
    expect(await read()).toMatchObject({ step: kba, revision: started.revision + 1 });
  });

  test('does not come back over the one that followed meanwhile', async () => {
    meanwhile = () => writeStep(started.id, otp, ports);
    await writeStep(started.id, kba, losing);
    expect(await read()).toMatchObject({ step: otp, answered: ['questions'] });
  });

  test('ends the recovery once, as it was said', async () => {
    const ended = await writeEnd(started.id, 'timed-out', losing);
    expect(ended).toMatchObject({ status: 'timed-out', endedAt: someDay });
    expect(await read()).toMatchObject({ status: 'timed-out', revision: started.revision + 1 });
  });
});
