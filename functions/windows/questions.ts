/** The steps of a recovery at a logon screen: questions one by one, and where policy says so a code after them. */
import { questionsPath } from '../../shared/domain/dialogue/choices.ts';
import { moveDialogue, type RecoveryDialogue } from '../../shared/domain/dialogue/dialogue.ts';
import { idempotencyOf } from '../../shared/domain/identifiers/request-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { confirmRecovery } from '../../shared/domain/recovery/authentic-recovery.ts';
import { nextStep } from '../../shared/domain/recovery/next-step.ts';
import { type Recovery, readRecovery } from '../../shared/domain/recovery/recovery.ts';
import { startRecovery } from '../../shared/domain/recovery/start-recovery.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import { checkAllAnswers, type Verdict } from './answers.ts';
import type { Ports } from './ports.ts';
import { checkRecoveryCode } from './recovery-code.ts';
import { stepPrompt } from './recovery-prompt.ts';
import { disabled, exhausted, noMessageBefore, over } from './refusals.ts';
import { type Reply, rejected, type StepReply, type Visit } from './visit.ts';

/** Starts a recovery. The same choice of the same dialogue again, after a fault or at once, finds the one it started. */
export async function startQuestions(visit: Visit, ports: Ports): Promise<StepReply> {
  const { name, client, locale, dialogue } = visit;
  const path = questionsPath(ports.policy);
  if (path === undefined) return disabled(visit);
  const person = await findPerson(name, ports);
  const place = `${dialogue.transaction.id} ${dialogue.revision}`;
  const idempotency = idempotencyOf(client, 'windows/questions', place, { path });
  const outcome = await startRecovery({ person, client, path, locale, idempotency }, ports);
  const user = person.key;
  if (outcome.kind !== 'recovery') {
    log('recovery-refused', { user, client, reason: outcome.kind });
    if (outcome.kind === 'attempts-exhausted') return exhausted(visit, outcome, ports);
    if (outcome.kind === 'rate-limited') return noMessageBefore(visit, outcome.retryAt, ports);
    return disabled(visit);
  }
  const { id: recoveryId } = outcome.recovery;
  if (!outcome.repeated) log('recovery-started', { user, client, recovery: recoveryId, path });
  const state: RecoveryDialogue = { kind: 'recovery', recoveryId, answers: [] };
  const moved = await moveDialogue(dialogue, state, ports);
  if (moved === undefined) return 'raced';
  return showStep({ ...visit, dialogue: moved }, state, await nextStep(outcome.recovery, ports), ports);
}

/** Reads again what is due: a workflow that was slow may have finished since, which lets the person in. */
export async function showQuestions(visit: Visit, state: RecoveryDialogue, ports: Ports): Promise<StepReply> {
  const recovery = await readOpen(visit, state, ports);
  if (recovery === undefined) return backToMenu(visit, over(visit, ports), ports);
  return showStep(visit, state, recovery, ports);
}

/** The recovery, without a step that was answered already: its workflow is still on its way to the next one. */
async function readOpen({ client }: Visit, { recoveryId, answeredAt }: RecoveryDialogue, ports: Ports) {
  const recovery = await readRecovery(recoveryId, client, ports);
  if (recovery === undefined || recovery.revision !== answeredAt) return recovery;
  return { ...recovery, step: undefined };
}

const longestAnswer = 128;

/** Takes a text for an answer, or for the code that comes after the questions. */
export async function typeAnswer(
  visit: Visit,
  state: RecoveryDialogue,
  typed: string,
  ports: Ports,
): Promise<StepReply> {
  const recovery = await readOpen(visit, state, ports);
  if (recovery?.step?.type === 'otp') {
    const verdict = await checkRecoveryCode(visit, recovery, recovery.step, typed, ports);
    return afterVerdict(visit, state, recovery, verdict, ports);
  }
  if (recovery?.step?.type !== 'kba') return showQuestions(visit, state, ports);
  if (Array.from(typed).length > longestAnswer)
    return rejected(logonText(visit.locale, 'windows.answer-length'));
  const answers = [...state.answers, typed];
  if (answers.length >= recovery.step.questions.length) {
    const verdict = await checkAllAnswers(visit, recovery, recovery.step, answers, ports);
    return afterVerdict(visit, state, recovery, verdict, ports);
  }
  const answered: RecoveryDialogue = { ...state, answers };
  const moved = await moveDialogue(visit.dialogue, answered, ports);
  return moved === undefined ? 'raced' : showStep({ ...visit, dialogue: moved }, answered, recovery, ports);
}

async function afterVerdict(
  visit: Visit,
  state: RecoveryDialogue,
  recovery: Recovery,
  verdict: Verdict,
  ports: Ports,
): Promise<StepReply> {
  switch (verdict.kind) {
    case 'refused':
      return verdict.reply;
    case 'ended':
      return backToMenu(visit, verdict.reply, ports);
    case 'rejected': {
      const again: RecoveryDialogue = { ...state, answers: [] };
      const moved = await moveDialogue(visit.dialogue, again, ports);
      if (moved === undefined) return 'raced';
      return showStep({ ...visit, dialogue: moved }, again, recovery, ports, verdict.message);
    }
    case 'verified': {
      const next = await ports.pollUntil(() => leftStep(recovery, visit.client, ports));
      if (next !== undefined) return showStep(visit, state, next, ports);
      const waiting: RecoveryDialogue = { ...state, answers: [], answeredAt: recovery.revision };
      const moved = await moveDialogue(visit.dialogue, waiting, ports);
      if (moved === undefined) return 'raced';
      return showStep({ ...visit, dialogue: moved }, waiting, { ...recovery, step: undefined }, ports);
    }
  }
}

/** The recovery once its workflow has written what comes after this step. */
async function leftStep({ id, revision }: Recovery, client: string, ports: Ports) {
  const latest = await readRecovery(id, client, ports);
  return latest === undefined || latest.revision === revision ? undefined : nextStep(latest, ports);
}

/**
 * @param leads what happened before
 * @throws {ForgedState} where a success was written by somebody else
 */
async function showStep(
  visit: Visit,
  state: RecoveryDialogue,
  recovery: Recovery,
  ports: Ports,
  ...leads: readonly string[]
): Promise<StepReply> {
  switch (recovery.status) {
    case 'succeeded': {
      confirmRecovery(recovery, ports.stateKeys);
      // Of requests that find the end of one recovery, one lets the person in.
      const moved = await moveDialogue(visit.dialogue, { kind: 'over' }, ports);
      return moved === undefined ? 'raced' : { kind: 'accept' };
    }
    case 'pending': {
      const prompt = await stepPrompt(visit, state.answers.length, recovery, leads, ports);
      return prompt ? { kind: 'challenge', prompt } : backToMenu(visit, over(visit, ports), ports);
    }
    case 'failed':
    case 'timed-out':
      return backToMenu(visit, over(visit, ports), ports);
  }
}

/** What was answered is forgotten, and an open recovery ends by its time. */
export async function backToMenu(visit: Visit, reply: Reply, ports: Ports): Promise<StepReply> {
  const moved = await moveDialogue(visit.dialogue, { kind: 'menu' }, ports);
  return moved === undefined ? 'raced' : reply;
}
