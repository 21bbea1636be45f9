/** Counts the requests that arrived, by service and operation: retries and requests that failed included. */
import type { AwsService } from './services.ts';

export interface Requests {
  /** Since the start or the last reset; without an operation the sum of all. */
  count(service: AwsService, operation?: string): number;
  /** `{dynamodb: {UpdateItem: 1}}`: services and operations that were not asked for are absent. */
  all(): Record<string, Record<string, number>>;
  reset(): void;
}

export interface RequestCounter extends Requests {
  add(service: AwsService, operation: string): void;
}

export function createRequestCounter(): RequestCounter {
  const counts = new Map<AwsService, Map<string, number>>();
  return {
    add(service, operation) {
      const operations = counts.get(service) ?? new Map<string, number>();
      counts.set(service, operations.set(operation, (operations.get(operation) ?? 0) + 1));
    },
    count(service, operation) {
      const operations = counts.get(service);
      if (operation !== undefined) return operations?.get(operation) ?? 0;
      return [...(operations?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    },
    all: () => Object.fromEntries([...counts].map(([service, each]) => [service, Object.fromEntries(each)])),
    reset: () => counts.clear(),
  };
}
