/** The order of test files: the slowest first, so that no worker ends with a long file while the others wait. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, in their order; the rest follows. A line for a file that has gone does no harm. */
const slowest: readonly string[] = [
  'test/evidence/quick.test.ts', // makes the assembly that all stacks start from, while the next two need none
  'test/house.test.ts',
  'test/infra/construct/packaged.test.ts',
  'test/evidence/quick-too.test.ts',
  'test/security/faults/lasting-faults.test.ts',
  'test/security/faults/all-at-once.test.ts',
  'test/e2e/recovery.test.ts',
  'test/security/faults/one-fault.test.ts',
  'test/e2e/recovery-restart.test.ts',
  'test/infra/synth.test.ts',
  'test/e2e/backup-codes.test.ts',
  'test/security/faults/worker.test.ts',
  'test/documents/command-line.test.ts',
  'test/pages/walks.test.ts',
  'test/infra/local/step-functions/workflow.test.ts',
  'test/security/quotas.test.ts',
  'test/e2e/delivery.test.ts',
  'test/security/faults/cold-start.test.ts',
  'test/model/challenges.test.ts',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const at = slowest.findIndex((path) => moduleId.endsWith(path));
  return at < 0 ? slowest.length : at;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const keyOf = (file: TestSpecification) =>
      [file.project.config.sequence.groupOrder, placeOf(file)] as const;
    return files.toSorted((one, other) => {
      const [a, b] = [keyOf(one), keyOf(other)];
      return a[0] - b[0] || a[1] - b[1] || one.moduleId.localeCompare(other.moduleId);
    });
  }
}
