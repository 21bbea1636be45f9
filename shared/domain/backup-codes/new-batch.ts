/** A new batch of backup codes: each as its hash, under the selector that finds it. */
import { randomBytes } from 'node:crypto';
import { argon2idHash } from '../crypto/argon2id.ts';
import type { CodeBatch, CodeKind } from '../user-record/code-batch.ts';
import { readBackupCode } from './backup-code.ts';
import { type BackupCodePorts, batchHashInput, selectorOf } from './code-selector.ts';

interface Wanted {
  readonly kind: CodeKind;
  readonly expiresInSeconds?: number | undefined;
}

export async function newBatch(
  codes: readonly string[],
  locator: string,
  { kind, expiresInSeconds }: Wanted,
  { keyring, clock, policy }: BackupCodePorts,
): Promise<CodeBatch> {
  const at = clock.now();
  const salt = randomBytes(16).toString('base64url');
  const key = keyring.current;
  const { oneTimeLifetimeSeconds } = policy.backupCodes;
  const lifetimeSeconds = kind === 'static' ? undefined : (expiresInSeconds ?? oneTimeLifetimeSeconds);
  const batch = {
    id: randomBytes(16).toString('base64url'),
    ...(lifetimeSeconds === undefined ? {} : { expiresAt: at + lifetimeSeconds * 1000 }),
    salt,
    key,
  };
  const input = batchHashInput(batch, kind, locator, keyring);
  const hashed = await Promise.all(
    codes.map(async (shown) => {
      const code = readBackupCode(shown) as string;
      return [selectorOf(code, locator, key, keyring), await argon2idHash(code, input)];
    }),
  );
  return { ...batch, codes: Object.fromEntries(hashed) as Record<string, string>, used: {}, at };
}
