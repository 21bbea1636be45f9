/** Parameters and errors of Amazon SQS, and batches whose entries succeed or fail by themselves. */
import { optionalText, requiredText } from './operations.ts';
import type { Input } from './protocols.ts';
import { ServiceError } from './service-error.ts';

/** Most entries of a batch and most messages of one receive. */
export const mostPerRequest = 10;

export const missing = 'MissingParameter';
export const invalidValue = 'InvalidParameterValue';
export const qualified = (code: string) => `AWS.SimpleQueueService.${code}`;
export const failure = (code: string, message: string, queryCode = code, status = 400) =>
  new ServiceError(code, message, { queryCode, status });
export const noSuchQueue = () =>
  failure('QueueDoesNotExist', 'The specified queue does not exist.', qualified('NonExistentQueue'));

export function receiptHandle(input: Input): string {
  const handle = requiredText(input, 'ReceiptHandle', missing);
  if (/^[0-9a-f-]{36}\.[0-9a-f-]{36}$/.test(handle)) return handle;
  throw failure('ReceiptHandleIsInvalid', 'The receipt handle is not valid.', 'ReceiptHandleIsInvalid', 404);
}

export function whole(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw failure(invalidValue, `${name} must be a whole number from ${least} to ${most}.`);
}

/** Each entry succeeds or fails by itself. */
export function batch(
  input: Input,
  queueName: string,
  each: (queueName: string, entry: Input) => object,
): object {
  const entries = input['Entries'] ?? [];
  if (!Array.isArray(entries) || !entries.every(isInput))
    throw failure('SerializationException', 'Entries must be a list of objects.');
  const refuse = (code: string, message: string) => failure(code, message, qualified(code));
  if (entries.length === 0) throw refuse('EmptyBatchRequest', 'There are no entries.');
  if (entries.length > mostPerRequest)
    throw refuse('TooManyEntriesInBatchRequest', 'There are more than 10 entries.');
  const ids = entries.map((entry) => requiredText(entry, 'Id', missing));
  if (new Set(ids).size < ids.length)
    throw refuse('BatchEntryIdsNotDistinct', 'Two entries have the same Id.');
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    const Id = optionalText(entry, 'Id');
    try {
      Successful.push({ Id, ...each(queueName, entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

const isInput = (value: unknown): value is Input => value !== null && typeof value === 'object';
