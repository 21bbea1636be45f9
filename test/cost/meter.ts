/** A table's client that notes what each request consumes, as DynamoDB itself bills it. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../shared/store/table.ts';

/** Capacity units: a write is of 1 kB begun, a strongly consistent read of 4 kB begun. */
export interface Consumed {
  writes: number;
  reads: number;
  requests: number;
}

export interface MeteredTable extends Table {
  /** What was consumed since it was last asked for. */
  take(): Consumed;
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: { ReturnConsumedCapacity?: string };
}

export function metered({ client, name }: Table): MeteredTable {
  let consumed: Consumed = { writes: 0, reads: 0, requests: 0 };
  const send = async (command: Sent) => {
    command.input.ReturnConsumedCapacity = 'TOTAL';
    const output = (await client.send(command as never)) as { ConsumedCapacity?: { CapacityUnits?: number } };
    const units = output.ConsumedCapacity?.CapacityUnits ?? 0;
    const isRead = command.constructor.name === 'GetItemCommand';
    consumed.requests += 1;
    if (isRead) consumed.reads += units;
    else consumed.writes += units;
    return output;
  };
  return {
    name,
    client: { send } as unknown as DynamoDBClient,
    take() {
      const taken = consumed;
      consumed = { writes: 0, reads: 0, requests: 0 };
      return taken;
    },
  };
}
