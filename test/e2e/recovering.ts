/** What people do who lost the phone, over HTTP: start a recovery, answer its steps, read where it stands. */
import type { Questions } from '../../shared/client/index.ts';
import type { Json, Stack, StackAnswer } from '../stack.ts';
import { ownName } from '../support/own-name.ts';
import { type CallOptions, caller, codeSentTo, enrol, type Person, until } from './people.ts';

export interface Recovering extends Person {
  readonly alternateEmail: string;
}

export const rightAnswers: Readonly<Record<string, string>> = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'The Lighthouse Cat',
};
export const wrongAnswers: Readonly<Record<string, string>> = {
  'first-teacher': 'Nobody At All',
  'childhood-street': 'Nowhere Lane',
  'first-film': 'Nothing Shown',
};
export const securityQuestions = Object.entries(rightAnswers).map(([questionId, answer]) => ({
  questionId,
  answer,
}));

/** Answers to the questions that were asked. */
export const answersTo = (
  { questions }: Pick<Questions, 'questions'>,
  given: Readonly<Record<string, string>> = rightAnswers,
) => questions.map(({ questionId }) => ({ questionId, answer: given[questionId] ?? 'not known' }));

/** Somebody with questions and an alternate email, both of their own. */
export async function enrolRecovering(stack: Stack, contact: object = {}): Promise<Recovering> {
  const alternateEmail = `${ownName('spare')}@alternate.example`;
  return { ...(await enrol(stack, { alternateEmail, securityQuestions, ...contact })), alternateEmail };
}

/** An operator for each person: one has so many codes an hour. */
export const whoAsksFor = (userId: string) => ({
  operator: `operator-of-${userId}`,
  reason: 'lost the phone',
});

const isServed = ({ status }: StackAnswer): boolean => status !== 503;

/** Calls as the client that signs people in, unless another is named. */
export function recoverer(stack: Stack) {
  const { call } = caller(stack);
  const startAnswer = (userId: string, more: object = {}, options?: CallOptions) =>
    call('POST', '/v1/recoveries', { userId, ...more }, options);
  const read = (id: string, options?: CallOptions) => call('GET', `/v1/recoveries/${id}`, undefined, options);
  const check = (
    challenge: Json,
    given: Readonly<Record<string, string>> = rightAnswers,
    options?: CallOptions,
  ): Promise<StackAnswer> => {
    const answers = answersTo(challenge, given);
    return call('POST', `/v1/kba-challenges/${challenge.challengeId}/check`, { answers }, options);
  };
  /** The recovery once it is past a step. @throws after half a minute */
  const past = async (id: string, step: string, options?: CallOptions): Promise<Json> => {
    const found = await until(
      () => read(id, options),
      ({ status, body }) =>
        status === 200 && (body.status !== 'pending' || (body.step !== undefined && body.step.type !== step)),
    );
    return found.body;
  };
  const useBackupCode = (body: object, options?: CallOptions) =>
    call('POST', '/v1/backup-codes/verify', body, options);
  const alternateCode = ({ alternateEmail }: Recovering, count = 1) =>
    codeSentTo(stack, alternateEmail, count);
  return {
    ...caller(stack),
    startAnswer,
    read,
    check,
    /** A recovery that is at its first step. @throws when it is refused */
    async begin(userId: string, more: object = {}, options?: CallOptions): Promise<Json> {
      const answer = await until(() => startAnswer(userId, more, options), isServed); // a busy table is asked again;
      if (answer.status !== 201) throw new Error(`the start answered ${answer.status}`);
      if (answer.body.step !== undefined) return answer.body;
      const found = await until(
        async () => (await read(answer.body.recoveryId, options)).body,
        ({ step, status }) => step !== undefined || status !== 'pending',
      );
      return found;
    },
    choose: (id: string, path: unknown, options?: CallOptions) =>
      call('POST', `/v1/recoveries/${id}/path`, { path }, options),
    past,
    /**
     * Answers whatever step there is until there is none; everything that was answered on the way.
     *
     * @throws when an answer is refused
     */
    async finish({ recoveryId, ...first }: Json, person: Recovering, code?: string) {
      const answers: Json[] = [];
      let recovery = { recoveryId, ...first };
      while (recovery.step !== undefined) {
        const { type, challenge } = recovery.step;
        const answer =
          type === 'kba'
            ? await check(challenge)
            : type === 'otp'
              ? await caller(stack).verify(challenge.challengeId, await alternateCode(person))
              : await useBackupCode({ recoveryId, code });
        if (answer.status !== 200) throw new Error(`the step ${type} answered ${answer.status}`);
        answers.push(answer.body);
        recovery = await past(recoveryId, type);
      }
      return { recovery, answers };
    },
    askQuestions: (userId: string, options?: CallOptions) =>
      call('POST', '/v1/kba-challenges', { userId }, options),
    useBackupCode,
    generate: (userId: string, body: object, options: CallOptions = {}) =>
      call(
        'POST',
        `/v1/users/${encodeURIComponent(userId)}/backup-codes`,
        { ...whoAsksFor(userId), ...body },
        { client: 'helpdesk', ...options },
      ),
    countCodes: (userId: string) =>
      call('GET', `/v1/users/${encodeURIComponent(userId)}/backup-codes`, undefined, { client: 'helpdesk' }),
    revokeCodes: (userId: string) =>
      call('DELETE', `/v1/users/${encodeURIComponent(userId)}/backup-codes`, undefined, {
        client: 'helpdesk',
      }),
    /** What the workflow's history tells, as text. */
    history: async (id: string) => (await stack.request('GET', `/local/executions/${id}`)).text,
    alternateCode,
  };
}
