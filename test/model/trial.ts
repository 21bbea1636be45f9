/** The real side of a model run: the domain over a real table, and what its callers know of it. */

import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { rightCode } from '../../shared/domain/challenge/winning-attempt.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { unlockUser } from '../../shared/domain/enrolment/unlock-user.ts';
import { idempotencyOf, newRequestId } from '../../shared/domain/identifiers/request-id.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import type { EnrolledQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { resendCode } from '../../shared/domain/otp/resend-code.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import type { UserRecord } from '../../shared/domain/user-record/user-record.ts';
import type { Table } from '../../shared/store/table.ts';
import { type Backend, unlocking } from '../support/person.ts';
import { workerOn } from '../support/worker.ts';
import type { Operation } from './operations.ts';
import { byText } from './sending.ts';
import type { Answer } from './world.ts';

export interface Ground {
  readonly table: Table;
  readonly backend: Backend;
  readonly questions: readonly EnrolledQuestion[];
  /** Moves the clock, which stands still otherwise. */
  advance(milliseconds: number): void;
}

interface Started {
  readonly id: string;
  readonly user: string;
  readonly client: string;
}

/** One sequence of operations on names of its own. */
export interface Trial {
  readonly ground: Ground;
  readonly names: readonly string[];
  /** What was started, newest last. */
  readonly challenges: Started[];
  readonly questions: (Started & { readonly asked: readonly string[] })[];
  /** Codes by challenge and send, as they were made; backup codes by batch. */
  readonly codes: Map<string, string>;
  readonly batches: Map<string, { readonly user: string; readonly codes: readonly string[] }>;
  /** Times that answers named: where things begin and end. */
  readonly instants: Set<number>;
  /** The last that was asked. */
  asked: Operation | undefined;
  perform(operation: Operation): Promise<Answer>;
  /** The stored record, whose codes are noted. */
  read(user: string): Promise<UserRecord | undefined>;
}

export function newTrial(ground: Ground, names: readonly string[]): Trial {
  const { table, backend } = ground;
  const { users, clock, keyring } = backend;
  const worker = workerOn(table, backend);
  const codes: Trial['codes'] = new Map();
  const batches: Trial['batches'] = new Map();
  const challenges: Trial['challenges'] = [];
  const questions: Trial['questions'] = [];
  const instants = new Set<number>();

  const keyOf = (client: string, path: string, key: string | undefined, body: object) =>
    key === undefined ? undefined : idempotencyOf(client, path, key, body);

  const perform = async (operation: Operation): Promise<Answer> => {
    const answer = await act(operation);
    for (const name of ['expiresAt', 'resendAvailableAt', 'retryAt', 'at'])
      if (typeof answer[name] === 'number') instants.add(answer[name]);
    const id = String(answer['challengeId']);
    if (operation.do === 'start' && answer.kind === 'challenge' && !challenges.some((one) => one.id === id))
      challenges.push({ id, user: operation.user, client: operation.client });
    return answer;
  };

  const act = async (operation: Operation): Promise<Answer> => {
    switch (operation.do) {
      case 'start': {
        const { user: userId, client, method, key } = operation;
        const idempotency = keyOf(client, '/start', key, { userId, method });
        const outcome = await startChallenge(
          { person: await backend.person(userId), client, purpose: 'sign-in', method, idempotency },
          backend,
        );
        return outcome.kind === 'challenge'
          ? { kind: outcome.kind, ...visible(outcome.view) }
          : plain(outcome);
      }
      case 'resend': {
        const { client, of: challengeId, method, key } = operation;
        const idempotency = keyOf(client, `/${challengeId}/resend`, key, { method });
        const outcome = await resendCode({ challengeId, client, method, idempotency }, backend);
        return outcome.kind === 'challenge'
          ? { kind: outcome.kind, ...visible(outcome.view) }
          : plain(outcome);
      }
      case 'status': {
        const found = await readChallenge(operation.of, operation.client, backend);
        return found ? { kind: 'status', ...visible(found) } : { kind: 'challenge-closed' };
      }
      case 'verify': {
        const { client, of: challengeId, typed: code, key } = operation;
        const request = keyOf(client, `/${challengeId}/verify`, key, {})?.key ?? newRequestId();
        const outcome = await verifyCode({ challengeId, client, code, request }, backend);
        if (outcome.kind !== 'verified') return plain(outcome);
        const { kind, userId, method, at } = outcome;
        return { kind, userId, method, at };
      }
      case 'deliver':
        return deliver(operation.times);
      case 'ask': {
        const { user: userId, client, key } = operation;
        const idempotency = keyOf(client, '/ask', key, { userId });
        const outcome = await askQuestions(
          { person: await backend.person(userId), client, purpose: 'sign-in', idempotency },
          backend,
        );
        if (outcome.kind !== 'questions') return plain(outcome);
        const { challengeId, expiresAt, asked } = outcome.view;
        if (!questions.some(({ id }) => id === challengeId))
          questions.push({ id: challengeId, user: userId, client, asked });
        return { kind: outcome.kind, challengeId, expiresAt };
      }
      case 'check': {
        const { client, of: challengeId, given, key } = operation;
        const request = keyOf(client, `/${challengeId}/check`, key, {})?.key ?? newRequestId();
        const outcome = await checkAnswers(
          { challengeId, client, answers: JSON.parse(given), request },
          backend,
        );
        if (outcome.kind !== 'verified') return plain(outcome);
        const { kind, userId, at } = outcome;
        return { kind, userId, at };
      }
      case 'generate': {
        const { user, client, codeKind: kind, count, key } = operation;
        const request = keyOf(client, `/${user}/backup-codes`, key, {})?.key ?? newRequestId();
        const outcome = await generateCodes(
          {
            person: await backend.person(user),
            kind,
            count,
            client,
            operator: 'olga',
            reason: 'lost the phone',
            request,
          },
          backend,
        );
        if (outcome.kind !== 'generated') return plain(outcome);
        const record = await users.read(await backend.keyOf(user));
        const id = record?.codeBatches[kind]?.id ?? '';
        batches.set(id, { user, codes: outcome.codes });
        return { kind: outcome.kind, challengeId: id, codes: outcome.codes.length };
      }
      case 'use': {
        const { user, client, typed: code, key } = operation;
        const request = keyOf(client, '/use', key, {})?.key ?? newRequestId();
        const outcome = await redeemCode(
          { person: await backend.person(user), client, code, request },
          backend,
        );
        if (outcome.kind === 'code-rejected')
          return { kind: outcome.kind, attemptsRemaining: outcome.attemptsRemaining };
        if (outcome.kind !== 'verified') return plain(outcome);
        const { kind, userId, codeKind, remaining, at } = outcome;
        return { kind, userId, codeKind, remaining, at };
      }
      case 'unlock':
        return plain(
          await unlockUser({ ...unlocking, person: await backend.person(operation.user) }, backend),
        );
      case 'remove':
        return { kind: (await removeUser(operation.user, backend)).kind };
      case 'enrol': {
        const { user: userId, phone, email, enabled } = operation;
        const contact = { userId, email, ...(phone ? { phone: { number: phone, country: 'US' } } : {}) };
        const outcome = await enrolUser(contact, enabled, backend, ground.questions);
        if (outcome.kind !== 'enrolled') throw new Error(outcome.kind);
        return { kind: outcome.kind, created: outcome.created };
      }
    }
  };

  const deliver = async (times: number): Promise<Answer> => {
    // A queue delivers at least once, and not in order.
    const queued = backend.queued.splice(0).toReversed();
    for (let time = 0; time < times; time += 1) {
      backend.queued.push(...queued);
      await worker.work();
    }
    const messages = worker.left.splice(0).map(({ deliveryId, method, to, code }) => {
      const [id = '', , sequence] = deliveryId.split('.');
      const isRight = codes.get(`${id} ${sequence}`) === code;
      return { id, sequence: Number(sequence), method, to, isRight };
    });
    return { kind: 'delivered', messages: messages.toSorted(byText) };
  };

  const noteCoincidence = (code: string, challengeId: string): void => {
    if (![...codes].some(([send, other]) => send.startsWith(`${challengeId} `) && other === code)) return;
    coincidences += 1;
    if (coincidences > 1) throw new Error('the codes of two sends are the same, and not by chance');
  };

  return {
    ground,
    names,
    challenges,
    questions,
    codes,
    batches,
    instants,
    asked: undefined,
    perform,
    async read(user) {
      const record = await users.read(await backend.keyOf(user));
      for (const challenge of Object.values(record?.challenges ?? {})) {
        const code = rightCode(challenge, keyring);
        const send = `${challenge.id} ${challenge.delivery.sequence}`;
        const known = codes.get(send);
        if (known === undefined) noteCoincidence(code, challenge.id);
        // What ends a challenge early makes its code another one, and none.
        else if (challenge.expiresAt <= clock.now()) continue;
        else if (known !== code) throw new Error('the code of a send has changed');
        codes.set(send, code);
      }
      instants.add(clock.now());
      return record;
    },
  };
}

/** One pair of equal codes in a run is chance, if a rare one; a second is not. */
let coincidences = 0;

function visible(view: object): Record<string, unknown> {
  const { locale: _, ...seen } = view as Record<string, unknown>;
  return seen;
}

/** Without what the API does not tell. */
function plain(outcome: { readonly kind: string }): Answer {
  const { recovery: _, ...seen } = outcome as Answer;
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined)) as Answer;
}
