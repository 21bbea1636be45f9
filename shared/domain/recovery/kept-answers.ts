/** What a request about a recovery was answered, kept so that its repetition under the same key is answered alike. */
import type { Clock } from '../clock.ts';
import { type Idempotency, requestRememberedMilliseconds } from '../identifiers/request-id.ts';
import { isRecoveryId } from './recovery.ts';

export interface KeptAnswer {
  /** Of the request's body, for telling a replay from another request. */
  readonly body: string;
  /** The answer's body as JSON text: the table does not promise to keep the order of names. */
  readonly answer: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface RecoveryAnswers {
  /** Strongly consistent. */
  find(recoveryId: string, key: string): Promise<KeptAnswer | undefined>;
  /** Of several that keep an answer under one key, the first one's is kept, and is what all get. */
  keep(recoveryId: string, key: string, answer: KeptAnswer, forgottenBefore: number): Promise<KeptAnswer>;
}

interface AnswerPorts {
  readonly answers: RecoveryAnswers;
  readonly clock: Clock;
}

/** One DynamoDB request where the request has a key. */
export async function recallAnswer(
  recoveryId: string,
  idempotency: Idempotency | undefined,
  { answers, clock }: AnswerPorts,
): Promise<object | 'conflict' | undefined> {
  if (idempotency === undefined || !isRecoveryId(recoveryId)) return undefined;
  const kept = await answers.find(recoveryId, idempotency.key);
  if (kept === undefined || kept.at <= clock.now() - requestRememberedMilliseconds) return undefined;
  return kept.body === idempotency.body ? parsed(kept) : 'conflict';
}

/** One DynamoDB request where the request has a key, two where another one was quicker. */
export async function keepAnswer(
  recoveryId: string,
  idempotency: Idempotency | undefined,
  answer: object,
  { answers, clock }: AnswerPorts,
): Promise<object> {
  if (idempotency === undefined) return answer;
  const { key, body } = idempotency;
  const at = clock.now();
  const kept = { body, answer: JSON.stringify(answer), at };
  return parsed(await answers.keep(recoveryId, key, kept, at - requestRememberedMilliseconds));
}

function parsed({ answer }: KeptAnswer): object {
  return JSON.parse(answer) as object;
}
