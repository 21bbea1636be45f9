/** Counting a user's backup codes, and telling who had them generated; never a code. */
import { operatorReference } from '../help-desk/operator.ts';
import { findPerson } from '../names/person.ts';
import type { CodeBatch } from '../user-record/code-batch.ts';
import {
  type CodeAudit,
  decryptGenerations,
  decryptRefusals,
  type Generation,
  generationsKept,
  type RefusedGeneration,
} from './code-audit.ts';
import type { BackupCodePorts } from './code-selector.ts';

interface CountPorts extends BackupCodePorts {
  readonly audit: CodeAudit;
}

/** With the operator as the log has them, so that a line of the log leads to a name. */
type Referenced<T> = T & { readonly operatorReference?: string | undefined };

export interface CodeCount {
  readonly total: number;
  readonly remaining: number;
  readonly expiresAt?: number;
  /** Of the batch that these codes are of; absent for one that is older than the audit. */
  readonly generation?: Referenced<Generation> | undefined;
}

export interface CodeCounts {
  readonly static: CodeCount;
  readonly 'one-time': CodeCount;
  /** The last generations, newest first, those of batches that are superseded or revoked too. */
  readonly generations: readonly Referenced<Generation>[];
  /** The last requests that were refused, newest first. */
  readonly refusals: readonly Referenced<RefusedGeneration>[];
}

/** How many of a batch still work. */
export function codesLeft(batch: CodeBatch | undefined, now: number): number {
  if (batch === undefined || (batch.expiresAt ?? Number.POSITIVE_INFINITY) <= now) return 0;
  return Object.keys(batch.codes).length - Object.keys(batch.used).length;
}

/** `undefined` for a user who is not enrolled. Three DynamoDB requests. */
export async function countCodes(userId: string, ports: CountPorts): Promise<CodeCounts | undefined> {
  const { audit, clock, keyring } = ports;
  const { key, record } = await findPerson(userId, ports);
  if (record.enrolment === undefined) return undefined;
  const kept = await audit.read(key);
  const generations = decryptGenerations(kept.generations, key, keyring).map(referenced);
  const { codeBatches } = record;
  return {
    static: countOf(codeBatches.static),
    'one-time': countOf(codeBatches['one-time']),
    generations: generations.slice(0, generationsKept),
    refusals: decryptRefusals(kept.refusals, key, keyring).map(referenced),
  };

  function referenced<T extends { readonly operator?: string | undefined }>(noted: T): Referenced<T> {
    const { operator } = noted;
    return operator === undefined
      ? noted
      : { ...noted, operatorReference: operatorReference(operator, ports) };
  }

  function countOf(batch: CodeBatch | undefined): CodeCount {
    if (batch === undefined) return { total: 0, remaining: 0 };
    return {
      total: Object.keys(batch.codes).length,
      remaining: codesLeft(batch, clock.now()),
      ...(batch.expiresAt === undefined ? {} : { expiresAt: batch.expiresAt }),
      generation: generations.find((generation) => generation.batch === batch.id),
    };
  }
}
