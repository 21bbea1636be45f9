/** One text typed at a logon screen: which transaction it belongs to, which step it answers, what comes next. */
import { type Choice, offeredChoices, readChoice } from '../../shared/domain/dialogue/choices.ts';
import { type Dialogue, readDialogue } from '../../shared/domain/dialogue/dialogue.ts';
import { newTransaction, readTransaction } from '../../shared/domain/dialogue/transaction.ts';
import { ForgedState } from '../../shared/domain/faults.ts';
import { clientOfDoor } from '../../shared/domain/identifiers/client.ts';
import { forbidsFallback } from '../../shared/domain/policy/fallback.ts';
import { lettersAndDigits } from '../../shared/domain/text/letters-and-digits.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import { askBackupCode, showBackupCode, typeBackupCode } from './backup-code.ts';
import { sendAgain, showCode, startCode, typeCode } from './code.ts';
import type { Ports } from './ports.ts';
import { backToMenu, showQuestions, startQuestions, typeAnswer } from './questions.ts';
import { disabled, over } from './refusals.ts';
import { isAgain, labelOf, menu, type Reply, type StepReply, type Visit } from './visit.ts';

export interface Typed extends Omit<Visit, 'dialogue' | 'client'> {
  /** The group of PCs whose key was used. */
  readonly group: string;
  readonly pass: string;
  /** As the client still holds it; empty when it holds none. */
  readonly transactionId: string;
}

export interface Checked {
  readonly reply: Reply;
  readonly transactionId: string;
}

export async function check(typed: Typed, ports: Ports): Promise<Checked> {
  const { group, name, transactionId: held } = typed;
  if (forbidsFallback(ports.policy)) return { reply: disabled(typed), transactionId: '' };
  const [owner, now] = [{ group, name }, ports.clock.now()];
  const found = readTransaction(held, owner, now, ports.keyring);
  const transaction = found ?? newTransaction(owner, now, ports.keyring);
  const dialogue: Dialogue = { transaction, revision: 0, state: { kind: 'menu' } };
  const visit: Visit = { ...typed, client: clientOfDoor('windows', group), dialogue };
  const known = { isKnown: found !== undefined, isStale: held !== '' };
  const reply = await replyTo(visit, typed.pass, known, ports).catch((error) =>
    unlessForged(error, visit, ports),
  );
  return { reply, transactionId: transaction.text };
}

/** State that nobody of ours wrote lets nobody in: to the person, what it was about is over. */
function unlessForged(error: unknown, visit: Visit, ports: Ports): Reply {
  if (!(error instanceof ForgedState)) throw error;
  log('forged-state', { route: 'windows', state: error.state });
  return over(visit, ports);
}

/** A transaction that is over, or was another's, brings the menu: what was typed was meant for something else. */
async function replyTo(
  visit: Visit,
  pass: string,
  { isKnown, isStale }: { readonly isKnown: boolean; readonly isStale: boolean },
  ports: Ports,
): Promise<Reply> {
  if (!isKnown && isStale) return pass.trim() === '' ? menu(visit, ports) : over(visit, ports);
  const reopened = async (): Promise<Visit> => ({
    ...visit,
    dialogue: await readDialogue(visit.dialogue.transaction, ports),
  });
  const here = isKnown ? await reopened() : visit;
  const reply = await (pass.trim() === '' ? show(here, ports) : take(here, pass, ports));
  if (reply !== 'raced') return reply;
  const shown = await show(await reopened(), ports);
  return shown === 'raced' ? over(visit, ports) : shown;
}

/** What is due: for an empty text, and for a request that came second. Nothing is sent, counted or accepted anew. */
async function show(visit: Visit, ports: Ports): Promise<StepReply> {
  const { state } = visit.dialogue;
  switch (state.kind) {
    case 'menu':
    case 'over':
      return menu(visit, ports);
    case 'code':
      return showCode(visit, state.challengeId, ports);
    case 'backup-code':
      return showBackupCode(visit, ports);
    case 'recovery':
      return showQuestions(visit, state, ports);
  }
}

/** No answer and no code is this short, so that it leads back from everywhere. */
const back = '0';

async function take(visit: Visit, pass: string, ports: Ports): Promise<StepReply> {
  const { state } = visit.dialogue;
  const isBack = lettersAndDigits(pass) === back;
  if (state.kind === 'recovery')
    return isBack ? backToMenu(visit, menu(visit, ports), ports) : typeAnswer(visit, state, pass, ports);
  if (isBack) return menu(visit, ports);
  const offered = offeredChoices(ports.policy, ports.voice);
  const choice = readChoice(pass, offered, (each) => labelOf(visit, each));
  if (choice !== undefined) return begin(visit, choice, ports);
  switch (state.kind) {
    case 'code':
      return isAgain(visit, pass)
        ? sendAgain(visit, state.challengeId, undefined, ports)
        : typeCode(visit, state.challengeId, pass, ports);
    case 'backup-code':
      return typeBackupCode(visit, pass, ports);
    case 'menu':
    case 'over':
      return menu(visit, ports, logonText(visit.locale, 'windows.unclear'));
  }
}

function begin(visit: Visit, choice: Choice, ports: Ports): Promise<StepReply> {
  const { state } = visit.dialogue;
  switch (choice) {
    case 'backup':
      return askBackupCode(visit, ports);
    case 'questions':
      return startQuestions(visit, ports);
    default:
      return state.kind === 'code'
        ? sendAgain(visit, state.challengeId, choice, ports)
        : startCode(visit, choice, ports);
  }
}
