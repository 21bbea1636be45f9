/**
 * The answers that a Windows credential provider of privacyIDEA can read. It parses strictly and inside the logon
 * process, so every field has the one type that it takes, and none is missing that it opens.
 */
import { type Answer, json } from './problem.ts';

/** The person may go on to the password. Without `multi_challenge`, which would make it a challenge again. */
export function accept(message: string): Answer {
  const result = { status: true, value: true, authentication: 'ACCEPT' };
  return json(200, { result, detail: { message, serial: 'MFA-FALLBACK' } });
}

/** A prompt and what it waits for. A `type` of theirs would start polling or a security key; ours start nothing. */
export interface Prompt {
  readonly type: 'menu' | 'sms' | 'email' | 'call' | 'backup' | 'question' | 'wait';
  readonly message: string;
}

export function challenge(transactionId: string, { type, message }: Prompt): Answer {
  const [transaction_id, client_mode] = [transactionId, 'interactive'];
  const one = { transaction_id, serial: 'MFA-FALLBACK', type, client_mode, message, image: '' };
  const detail = { transaction_id, message, preferred_client_mode: client_mode, multi_challenge: [one] };
  return json(200, { result: { status: true, value: false, authentication: 'CHALLENGE' }, detail });
}

/** The prompt stays as it is, with this message, and so does the transaction. */
export function reject(message: string): Answer {
  const result = { status: true, value: false, authentication: 'REJECT' };
  return json(200, { result, detail: { message } });
}

/** Nobody's transaction ends by it: of the codes, 904 alone sends people back to their name. */
export function failed(statusCode: 400 | 404 | 413 | 503, message: string): Answer {
  const result = { status: false, error: { code: statusCode, message } };
  return json(statusCode, { result, detail: null });
}

/** What is asked for every half second where a challenge is of a type that polls. None of ours is. */
export function stillPending(): Answer {
  const result = { status: true, value: false };
  return json(200, { result, detail: { challenge_status: 'pending' } });
}
