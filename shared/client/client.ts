/** The client: what a web login, a help desk and an administrator do with the API. */
import { type ClientCredentials, clientCredentials, type TokenSource } from './access-token.ts';
import { secureAddress } from './address.ts';
import { type AssertionRules, assertionCheck, type Expected } from './assertion.ts';
import { type Answer, type CallOptions, type Connection, call, type Input, type Operation } from './call.ts';
import type { Result } from './problem.ts';
import { answerStep, followingStep, type RecoveryResult, type StepAnswer } from './recovery.ts';
import type { AssertionClaims, Operations, Recovery } from './schema.ts';

interface CommonSettings {
  /** The stack's output ApiUrl, or the deployment's own domain. */
  readonly api: string;
  /** For all tries of one call. Left out: 30. */
  readonly timeLimitSeconds?: number | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  readonly assertions?: Partial<AssertionRules> | undefined;
}

/** Credentials, or a function that gives the access token, for example that of a signed-in help desk operator. */
export type ClientSettings = CommonSettings &
  (ClientCredentials | { readonly token: TokenSource; readonly clientId?: string | undefined });

type StartedRecovery = Result<Recovery, Operations['startRecovery' | 'readRecovery']['problem']>;

type Body<Id extends Operation> = Input<Id> extends { body?: infer Sent } ? NonNullable<Sent> : never;

/** @throws TypeError for an address that is not https, unless it is this machine */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of the client, a line or two each
export function createClient(settings: ClientSettings) {
  const { api, timeLimitSeconds = 30, fetch: send = fetch, clientId, assertions = {} } = settings;
  const connection: Connection = {
    api: secureAddress('api', api),
    token: 'token' in settings ? settings.token : clientCredentials(settings, send),
    send,
    timeLimitSeconds,
  };
  const { issuer = connection.api, audience = clientId, ...rules } = assertions;
  const check = audience === undefined ? undefined : assertionCheck({ ...rules, issuer, audience });

  const request = <Id extends Operation>(
    operation: Id,
    input: Input<Id>,
    options?: CallOptions,
  ): Promise<Answer<Id>> => call(operation, input, connection, options);

  return {
    /** Any operation of the OpenAPI document by its `operationId`: enrolment, help desk, policy. */
    request,

    /** Sends a code. Name no method: offer the `methods` of the answer, and `resend` by the one that is chosen. */
    startChallenge: (body: Body<'startOtpChallenge'>, options?: CallOptions) =>
      request('startOtpChallenge', { body }, options),
    /** Another code, by another method if asked; the old code is dead. */
    resend: (challengeId: string, body: Body<'resendOtpCode'> = {}, options?: CallOptions) =>
      request('resendOtpCode', { path: { challengeId }, body }, options),
    /** How a challenge stands and whether its message left. */
    readChallenge: (challengeId: string, options?: CallOptions) =>
      request('readOtpChallenge', { path: { challengeId } }, options),
    /** A code as the person typed it. `invalid-request` is a slip of the keyboard and costs no attempt. */
    verifyCode: (challengeId: string, code: string, options?: CallOptions) =>
      request('verifyOtpCode', { path: { challengeId }, body: { code } }, options),

    askQuestions: (body: Body<'askSecurityQuestions'>, options?: CallOptions) =>
      request('askSecurityQuestions', { body }, options),
    /** All answers together. */
    checkAnswers: (
      challengeId: string,
      answers: Body<'checkSecurityAnswers'>['answers'],
      options?: CallOptions,
    ) => request('checkSecurityAnswers', { path: { challengeId }, body: { answers } }, options),

    /** Signs a person in with a backup code. */
    useBackupCode: (userId: string, code: string, options?: CallOptions) =>
      request('useBackupCode', { body: { userId, code } }, options),

    /** At its first step. Answer it with `answerStep` until `status` is no longer `pending`. */
    async startRecovery(body: Body<'startRecovery'>, options?: CallOptions): Promise<StartedRecovery> {
      const started = await request('startRecovery', { body }, options);
      if (!started.ok || started.value.step !== undefined) return started;
      return followingStep(started.value, started.value, connection, options);
    },
    /** Sends an answer to its step, and waits for the next step or the end. */
    answerStep: (recovery: Recovery, answer: StepAnswer, options?: CallOptions): Promise<RecoveryResult> =>
      answerStep(recovery, answer, connection, options),
    /** The step after the one in `recovery`, where an answer was sent and what came of it was lost. */
    nextStep: (recovery: Recovery, options?: CallOptions) =>
      followingStep(recovery, undefined, connection, options),
    readRecovery: (recoveryId: string, options?: CallOptions) =>
      request('readRecovery', { path: { recoveryId } }, options),

    /**
     * Signature, `iss`, `aud`, `typ`, `exp`, `purpose`, the name that was asked, and `jti` once.
     *
     * @throws AssertionRefused with the claim that is wrong; ClientFault when the keys are not to be had
     */
    async checkAssertion(assertion: string, expected: Expected): Promise<AssertionClaims> {
      if (check === undefined) throw new TypeError('clientId is needed: assertions are for one client alone');
      return check(assertion, expected);
    },
  };
}

export type Client = ReturnType<typeof createClient>;
