/** recovery: starts recoveries, tells their client where they stand, and writes down how they end. */
import { environmentOf } from '../../shared/configuration.ts';
import { promptFor } from '../../shared/delivery/texts.ts';
import { choosePath } from '../../shared/domain/choose-path.ts';
import { announce, withNotices } from '../../shared/domain/notices.ts';
import type { NoticeQueue, UserStore } from '../../shared/domain/ports.ts';
import { readChallenge } from '../../shared/domain/read-challenge.ts';
import {
  advanceRecovery,
  eventually,
  type Recovery,
  type RecoveryStatus,
  readRecovery,
} from '../../shared/domain/recovery.ts';
import { type StartRecoveryPorts, startRecovery } from '../../shared/domain/start-recovery.ts';
import { updateUser } from '../../shared/domain/update-user.ts';
import { locatorOf } from '../../shared/domain/user-id.ts';
import { api, route } from '../../shared/http/api.ts';
import { questionsBody } from '../../shared/http/kba-challenges.ts';
import { challengeBody } from '../../shared/http/otp-challenges.ts';
import { json, problem, secondsUntil } from '../../shared/http/problem.ts';
import {
  choosePathBody,
  recoveryBody,
  recoveryPath,
  startRecoveryBody,
} from '../../shared/http/recoveries.ts';
import { kmsClient } from '../../shared/keys.ts';
import { lateNoticeQueue } from '../../shared/late-notices.ts';
import { log } from '../../shared/log.ts';
import { recoveryPorts } from '../../shared/recovering.ts';
import { corePorts } from '../../shared/runtime.ts';
import { sendCounters } from '../../shared/store/send-counters.ts';
import { type TaskEvent, tokenOf } from '../../shared/tasks.ts';
import { type AssertionPorts, assertionPorts, verificationBody } from '../../shared/verification.ts';

interface Ports extends StartRecoveryPorts, AssertionPorts {
  readonly users: UserStore;
  readonly notices: NoticeQueue;
  readonly clientIdClaim: string;
}

async function connect(): Promise<Ports> {
  const environment = environmentOf('recovery');
  const kms = kmsClient();
  const core = await corePorts(environment, kms);
  return {
    ...core,
    ...recoveryPorts(core, environment),
    ...assertionPorts(kms, environment),
    counters: sendCounters(core.table),
    notices: lateNoticeQueue(environment.NOTICE_QUEUE_URL),
    clientIdClaim: environment.CLIENT_ID_CLAIM,
  };
}

const start = route(
  { body: startRecoveryBody },
  async ({ body, caller: { client }, idempotency }, ports: Ports) => {
    const outcome = await startRecovery({ ...body, client, idempotency }, ports);
    const user = locatorOf(body.userId);
    if (outcome.kind !== 'recovery') {
      log('recovery-refused', { user, client, reason: outcome.kind });
      if (outcome.kind !== 'rate-limited') return problem(outcome.kind);
      const retryAfterSeconds = secondsUntil(outcome.retryAt, ports.clock.now());
      return problem('rate-limited', { retryAfterSeconds });
    }
    const { id, path: taken = 'to be chosen' } = outcome.recovery;
    log('recovery-started', { user, client, recovery: id, path: taken });
    return json(201, await present(await nextStep(outcome.recovery, ports), ports));
  },
);

const choose = route(
  { path: recoveryPath, body: choosePathBody },
  async ({ path: { recoveryId }, body: { path }, caller: { client } }, ports: Ports) => {
    const outcome = await choosePath(recoveryId, client, path, ports);
    if (outcome.kind !== 'chosen') return problem(outcome.kind);
    log('recovery-path-chosen', { client, recovery: recoveryId, path });
    return json(200, await present(await nextStep(outcome.recovery, ports), ports));
  },
);

const read = route(
  { path: recoveryPath },
  async ({ path: { recoveryId }, caller: { client } }, ports: Ports) => {
    const recovery = await readRecovery(recoveryId, client, ports);
    return recovery ? json(200, await present(recovery, ports)) : problem('challenge-closed');
  },
);

/** Waits a little for the workflow to open the step after this one, so that most clients need not ask again. */
async function nextStep(before: Recovery, ports: Ports): Promise<Recovery> {
  const found = await eventually(async () => {
    const latest = await readRecovery(before.id, before.client, ports);
    return latest && (latest.revision > before.revision || latest.status !== 'pending') ? latest : undefined;
  });
  return found ?? before;
}

async function present(recovery: Recovery, ports: Ports) {
  const { id, client, userId, status, path, endedAt: at } = recovery;
  if (status !== 'succeeded' || path === undefined || at === undefined) {
    return recoveryBody(recovery, { step: await stepOf(recovery, ports) });
  }
  const enrolled = await ports.users.read(locatorOf(userId));
  const verified = { id, userId: enrolled?.enrolment?.userId ?? userId, client, at } as const;
  const subject = { ...verified, purpose: 'recovery', authenticator: path } as const;
  return recoveryBody(recovery, { verification: await verificationBody(subject, ports) });
}

async function stepOf({ step, status, client, paths }: Recovery, ports: Ports): Promise<object | undefined> {
  if (step === undefined || status !== 'pending') return undefined;
  switch (step.type) {
    case 'choose':
      return { type: step.type, paths };
    case 'kba':
      return { type: step.type, challenge: questionsBody(step, step.questions) };
    case 'otp': {
      const found = await readChallenge(step.challengeId, client, ports);
      const prompt = found && promptFor(found.locale, found.destination);
      return { type: step.type, challenge: found && challengeBody(found, prompt ?? '') };
    }
    case 'backup-code':
      return { type: step.type };
  }
}

async function askPath(event: TaskEvent, ports: Ports): Promise<object> {
  await advanceRecovery(event.recoveryId, { step: { type: 'choose', token: tokenOf(event) } }, ports);
  return {};
}

/** The end of the workflow. Time may have run out while its last step was on the way. */
function end(status: RecoveryStatus) {
  return async ({ recoveryId, reason }: TaskEvent, ports: Ports): Promise<object> => {
    const recovery = await advanceRecovery(recoveryId, { step: undefined, status }, ports);
    if (recovery === undefined) throw new Error('the recovery is not there');
    const { userId, client, path = 'none' } = recovery;
    const user = locatorOf(userId);
    if (recovery.status === 'succeeded') await tell(user, recovery.endedAt ?? ports.clock.now(), ports);
    log('recovery-ended', {
      user,
      client,
      recovery: recoveryId,
      status: recovery.status,
      path,
      ...(reason === undefined ? {} : { reason }),
    });
    return { status: recovery.status };
  };
}

/**
 * Every address hears of it, the unused ones too, and how to object (SP 800-63B-4 §4.2.3). Once: the workflow
 * repeats a task whose end it did not hear.
 */
async function tell(locator: string, at: number, ports: Ports): Promise<void> {
  const { record } = await updateUser(ports.users, locator, (found) => {
    const isNoted = Object.values(found.notices).some(
      (notice) => notice.kind === 'recovery-succeeded' && notice.at === at,
    );
    if (found.enrolment === undefined || isNoted) return { outcome: undefined };
    const notices = withNotices(found, 'recovery-succeeded', [found.enrolment.contact], at);
    return { outcome: undefined, after: { ...found, notices } };
  });
  await announce(locator, record, ports);
}

export const handler = api(
  connect,
  {
    'POST /v1/recoveries': start,
    'POST /v1/recoveries/{recoveryId}/path': choose,
    'GET /v1/recoveries/{recoveryId}': read,
  },
  {
    'ask-path': askPath,
    succeed: end('succeeded'),
    fail: end('failed'),
    'time-out': end('timed-out'),
  },
);
