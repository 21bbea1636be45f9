/**
 * The order of test files. Most of the longest wait for stacks or browsers and the others compute, so that both cores are
 * busy where they are mixed; the longest come early, so that no worker ends with one while the others wait.
 */
import { createHash } from 'node:crypto';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They begin at once: the first makes bundles and the assembly that all stacks start from, while the next need none. */
const first: readonly string[] = [
  'test/evidence/quick.test.ts',
  'test/house.test.ts',
  'test/security/quotas.test.ts',
  'test/evidence/quick-too.test.ts',
];

/** Files that take long, in their order. A line for a file that has gone does no harm. */
const long: readonly string[] = [
  'test/infra/construct/packaged.test.ts',
  'test/e2e/recovery.test.ts',
  'test/infra/synth.test.ts',
  'test/pages/walks.test.ts',
  'test/e2e/recovery-restart.test.ts',
  'test/security/faults/lasting-faults.test.ts',
  'test/security/faults/one-fault.test.ts',
  'test/e2e/fault-alarms.test.ts',
  'test/documents/command-line.test.ts',
  'test/infra/local/step-functions/workflow.test.ts',
  'test/security/faults/worker.test.ts',
  'test/security/recovery.test.ts',
  'test/security/faults/rotation-stack.test.ts',
  'test/security/faults/cold-start.test.ts',
  'test/e2e/delivery.test.ts',
  'test/security/windows.test.ts',
  'test/sign-in/real-browser.test.ts',
  'test/e2e/restart.test.ts',
  'test/security/faults/all-at-once.test.ts',
  'test/e2e/client.test.ts',
];
/** The part of the run over which they are spread. */
const spread = 0.75;

/** Where in the run a file begins: 0 is the begin, 1 the end. */
function placeOf({ moduleId }: TestSpecification): number {
  const at = (files: readonly string[]) => files.findIndex((path) => moduleId.endsWith(path));
  const [isFirst, isLong] = [at(first), at(long)];
  if (isFirst >= 0) return isFirst - first.length;
  if (isLong >= 0) return (isLong / long.length) * spread;
  const path = moduleId.slice(moduleId.lastIndexOf('/test/'));
  return createHash('sha256').update(path).digest().readUInt32BE() / 2 ** 32;
}

export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const groupOf = (file: TestSpecification) => file.project.config.sequence.groupOrder;
    return files.toSorted((one, other) => groupOf(one) - groupOf(other) || placeOf(one) - placeOf(other));
  }
}
