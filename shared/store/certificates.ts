/** Certificates of the signing keys in the table: an item each, which is public and checked against its key when read. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fromItem, toItem } from './attributes.ts';
import { certificateKey, type Table, unlessConditionFails } from './table.ts';

export interface CertificateStore {
  /** DER. */
  read(keyId: string): Promise<Uint8Array | undefined>;
  keep(keyId: string, certificate: Uint8Array): Promise<void>;
}

export function certificateStore({ client, name: TableName }: Table): CertificateStore {
  return {
    async read(keyId) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: certificateKey(keyId) }));
      return Item && (fromItem(Item) as { readonly certificate?: Uint8Array }).certificate;
    },
    async keep(keyId, certificate) {
      const Item = { ...certificateKey(keyId), ...toItem({ certificate }) };
      await unlessConditionFails(client.send(new PutItemCommand({ TableName, Item })));
    },
  };
}
