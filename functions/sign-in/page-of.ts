/** The page of each state of a session. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { recoverySteps } from '../../shared/domain/policy/recovery-paths.ts';
import { challengeOf } from '../../shared/domain/recovery/answer-step.ts';
import type { Recovery, RecoveryStep } from '../../shared/domain/recovery/recovery.ts';
import type { CodePage, Progress, SignInPage } from '../../shared/pages/sign-in-page.ts';
import { choosePage } from './choice-pages.ts';
import { hasRecoveries } from './due-session.ts';
import type { PageContext } from './page-context.ts';
import { wayBack } from './way-back.ts';

export async function pageOf(context: PageContext): Promise<SignInPage> {
  const { session, shown, ports } = context;
  const { state, problem } = session;
  const otherWays = true; // the choice of methods is one, or says what there is instead
  switch (state.at) {
    case 'choosing':
      return choosePage(context);
    case 'code':
      return codePage(context, state.challengeId, { resent: state.resent });
    case 'backup-code': {
      const told = ['rejected', 'malformed', 'missing'] as const;
      const kind = told.find((each) => each === problem?.kind);
      return { page: 'backup-code', session: shown, otherWays, ...(kind && { problem: kind }) };
    }
    case 'recovery':
      return recoveryPage(context);
    case 'spent':
      return { page: 'spent', session: shown, what: state.what, otherWays };
    case 'locked':
      return { page: 'locked', session: shown, until: state.until };
    case 'verified':
    case 'ended':
      return wayBack(context, ports);
  }
}

async function codePage(
  { session, shown, client, ports }: PageContext,
  challengeId: string,
  more: { readonly resent?: boolean; readonly progress?: Progress | undefined },
): Promise<SignInPage> {
  const found = await readChallenge(challengeId, client, ports);
  const isExpired = found !== undefined && found.expiresAt <= ports.clock.now();
  if (found === undefined || (found.status === 'closed' && !isExpired))
    return { page: 'spent', session: shown, what: 'code', otherWays: true };
  const { method, destination, codeLength, expiresAt, attemptsRemaining, delivery } = found;
  const isOfRecovery = session.state.at === 'recovery';
  if (delivery === 'failed' && !isOfRecovery)
    return { page: 'delivery-failed', session: shown, method, destination, otherWays: true };
  return {
    page: 'code',
    session: shown,
    method,
    destination,
    codeLength,
    expiresAt,
    resendAt: Math.max(found.resendAvailableAt, session.problem?.until ?? 0),
    attemptsRemaining,
    delivery,
    otherWays: !isOfRecovery || hasRecoveries(session, ports),
    ...(more.resent === true ? { resent: true } : {}),
    ...(more.progress === undefined ? {} : { progress: more.progress }),
    ...problemOfCode(session.problem?.kind),
  };
}

function problemOfCode(kind: string | undefined): Pick<CodePage, 'problem'> {
  const told = ['rejected', 'malformed', 'missing', 'too-early', 'too-many', 'unavailable'] as const;
  const problem = told.find((each) => each === kind);
  return problem === undefined ? {} : { problem };
}

async function recoveryPage(context: PageContext): Promise<SignInPage> {
  const { session, shown, recovery } = context;
  const step = recovery?.step;
  if (recovery === undefined || step === undefined || step.type === 'choose' || isAnswered(session, step))
    return { page: 'waiting', session: shown };
  const progress = progressOf(recovery);
  switch (step.type) {
    case 'otp':
      return codePage(context, step.challengeId, { progress });
    case 'backup-code':
      return { page: 'backup-code', session: shown, otherWays: true };
    case 'kba': {
      const { problem } = session;
      return {
        page: 'questions',
        session: shown,
        questions: step.questions.map(({ text }) => text),
        ...(progress === undefined ? {} : { progress }),
        ...(problem?.attemptsRemaining === undefined ? {} : { attemptsRemaining: problem.attemptsRemaining }),
        ...(problem?.kind === 'rejected' ? { problem: 'rejected' } : {}),
        ...(problem?.kind === 'missing'
          ? { problem: { kind: 'missing', places: problem.places ?? [] } }
          : {}),
      };
    }
  }
}

function isAnswered({ state }: PageContext['session'], step: RecoveryStep): boolean {
  return state.at === 'recovery' && state.answered !== undefined && challengeOf(step) === state.answered;
}

/** `undefined` where the path has one step. */
function progressOf({ path, step }: Recovery): Progress | undefined {
  const steps: readonly string[] = path === undefined ? [] : recoverySteps[path];
  if (steps.length < 2 || step === undefined) return undefined;
  return { step: steps.indexOf(step.type) + 1, of: steps.length };
}
