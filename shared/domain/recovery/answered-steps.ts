/** Which challenge answered each step of a path. */
import { type ChallengeKind, readChallengeId } from '../identifiers/challenge-id.ts';
import { type AnsweredStep, type RecoveryPath, recoverySteps } from '../policy/recovery-paths.ts';
import type { RecoveryStep } from './recovery.ts';

/** The kind of challenge that a step opens; `undefined` where it opens none. */
const challengeKinds: Readonly<Record<Exclude<RecoveryStep['type'], 'choose'>, ChallengeKind | undefined>> = {
  kba: 'kba',
  otp: 'otp',
  'backup-code': undefined,
};

interface StepAnswer {
  readonly step: AnsweredStep;
  /** Empty where the step opens none. */
  readonly challengeId: string;
}

/**
 * The order is the workflow's. An execution that somebody started by hand may have left a step out.
 *
 * @param answered challenges of the steps that open one, in their order
 * @returns every step of the path, or `undefined` where a challenge is missing, is of another kind or is one too many
 */
export function answersOf(
  path: RecoveryPath | undefined,
  answered: readonly string[],
): readonly StepAnswer[] | undefined {
  if (path === undefined) return undefined;
  const steps: readonly AnsweredStep[] = recoverySteps[path];
  const opening = steps.filter((step) => challengeKinds[step] !== undefined);
  const isWhole =
    answered.length === opening.length &&
    opening.every((step, place) => readChallengeId(answered[place] ?? '')?.kind === challengeKinds[step]);
  if (!isWhole) return undefined;
  return steps.map((step) => ({ step, challengeId: answered[opening.indexOf(step)] ?? '' }));
}
