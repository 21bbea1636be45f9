/** Reads an answer as strictly as the credential provider does: what would end its logon process is thrown here. */

/** The real client would have thrown inside the logon process. */
export class LogonCrash extends Error {
  override readonly name = 'LogonCrash';
}

export interface Challenge {
  readonly type: string;
  readonly message: string;
  readonly transactionId: string;
}

export interface ProviderResponse {
  readonly authentication: 'ACCEPT' | 'REJECT' | 'CHALLENGE' | undefined;
  readonly value: boolean;
  readonly error: { readonly code: number; readonly message: string } | undefined;
  readonly message: string;
  readonly transactionId: string;
  readonly challenges: readonly Challenge[];
}

type Fields = Readonly<Record<string, unknown>>;

/** `unreadable`: no JSON, or an object without `result`. The status of the answer is nobody's business. */
export function readResponse(body: string): ProviderResponse | 'unreadable' {
  const root = parsed(body);
  if (!isObject(root) || !('result' in root)) return 'unreadable';
  const result = fieldsOf(root['result'], 'result');
  const detail = fieldsOf(root['detail'], 'detail');
  fieldsOf(detail['passkey'], 'detail.passkey');
  const several = detail['multi_challenge'];
  const challenges = isEmpty(several) ? [] : Object.values(several as object).map(readChallenge);
  return {
    authentication: (['ACCEPT', 'REJECT', 'CHALLENGE'] as const).find(
      (known) => known === result['authentication'],
    ),
    value: result['value'] === true,
    error: 'error' in result ? readError(result['error']) : undefined,
    message: textOf(detail, 'message'),
    transactionId: isEmpty(several) ? '' : textOf(detail, 'transaction_id'),
    challenges,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readError(error: unknown) {
  const fields = fieldsOf(error, 'result.error');
  const { code } = fields;
  if (typeof code !== 'number' || !Number.isInteger(code)) throw new LogonCrash('error.code is no integer');
  return { code, message: textOf(fields, 'message') };
}

const imagePrefix = 'data:image/png;base64,';

function readChallenge(challenge: unknown): Challenge {
  if (!isObject(challenge)) throw new LogonCrash('a challenge is no object');
  const image = textOf(challenge, 'image');
  if (image !== '' && image.length < imagePrefix.length) throw new LogonCrash('an image is too short');
  return {
    type: textOf(challenge, 'type'),
    message: textOf(challenge, 'message'),
    transactionId: textOf(challenge, 'transaction_id'),
  };
}

/** A field of another type than text reads as nothing. */
const textOf = (fields: Fields, name: string): string =>
  typeof fields[name] === 'string' ? fields[name] : '';

/** What is absent or null becomes an object of theirs; a text, a number or a list throws. */
function fieldsOf(value: unknown, name: string): Fields {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new LogonCrash(`${name} is no object`);
  return value;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
