/** Builds what most functions share: the real clock, the table's client, the keys. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import { awsClient } from '../aws/client.ts';
import { deriveKeyring } from '../aws/kms.ts';
import type { Clock } from '../domain/clock.ts';
import { decoysFrom, keyVersions, policyFrom, sameNamesFrom } from '../environment/configuration.ts';
import { nameStore } from '../store/names.ts';
import type { Table } from '../store/table.ts';
import { userStore } from '../store/users.ts';

export const clock: Clock = { now: () => Date.now() };

export function tableOf({ TABLE_NAME, VALID_SINCE }: TableEnvironment): Table {
  const validSince = VALID_SINCE === undefined ? undefined : Date.parse(VALID_SINCE);
  return { client: awsClient(DynamoDBClient, 'dynamodb'), name: TABLE_NAME, validSince };
}

interface TableEnvironment {
  readonly TABLE_NAME: string;
  readonly VALID_SINCE?: string;
}

interface CoreEnvironment extends TableEnvironment {
  readonly FALLBACK_POLICY: string;
  readonly PEPPER_KEYS: string;
  readonly SAME_NAMES?: string;
  readonly DECOYS?: string;
}

/**
 * The ports of every function that reads or writes a user's record. Calls KMS once for each version of the pepper key.
 */
export async function corePorts(environment: CoreEnvironment, kms: KMSClient) {
  const policy = policyFrom(environment);
  const table = tableOf(environment);
  const users = userStore(table, policy, clock);
  const keyring = await deriveKeyring(kms, keyVersions(environment.PEPPER_KEYS));
  const sameNames = sameNamesFrom(environment);
  const decoys = decoysFrom(environment);
  return { policy, table, users, names: nameStore(table), sameNames, decoys, keyring, clock };
}
