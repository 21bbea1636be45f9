/** What the parts of backup codes share: their ports, what policy allows, how a code finds its hash, and whose it is. */
import type { Clock } from '../clock.ts';
import type { HashInput } from '../crypto/argon2id.ts';
import { hmac, type Keyring } from '../crypto/keyring.ts';
import type { NamePorts } from '../names/person.ts';
import type { Policy } from '../policy/policy.ts';
import type { NoticeQueue } from '../queues/messages.ts';
import type { CodeBatch, CodeKind } from '../user-record/code-batch.ts';

export interface BackupCodePorts extends NamePorts {
  readonly notices: NoticeQueue;
  readonly clock: Clock;
  readonly policy: Policy;
}

export function offers({ securityCodes }: Policy, kind: CodeKind): boolean {
  return securityCodes === 'both' || securityCodes === kind;
}

/**
 * Finds the one hash that a code is compared with, so that a try costs one slow hash and not one for each code: 32
 * bits of a MAC of the code. Without the key they say nothing of its 80 bits; to who has the key, 48 are left to guess.
 */
export function selectorOf(code: string, locator: string, key: number, keyring: Keyring): string {
  return hmac(keyring.key('backup-code', key), 'selector', locator, code)
    .subarray(0, 4)
    .toString('base64url');
}

/**
 * A code belongs to its person, its batch, its kind and the end of its life. Who writes into the table can move a hash
 * to another person or keep it alive, and then no code has this hash.
 */
export function batchHashInput(
  { id, salt, key, expiresAt }: Pick<CodeBatch, 'id' | 'salt' | 'key' | 'expiresAt'>,
  kind: CodeKind,
  locator: string,
  keyring: Keyring,
): HashInput {
  const belongsTo = [locator, id, kind, expiresAt ?? 'without an end'];
  return { salt, key: keyring.key('backup-code', key), belongsTo };
}
