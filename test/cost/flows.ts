/** The flows whose cost is counted: each is performed once on a table that notes what it consumes. */
import { readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { generateCodes } from '../../shared/domain/backup-codes/generate-codes.ts';
import { redeemCode } from '../../shared/domain/backup-codes/redeem-code.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { askQuestions } from '../../shared/domain/kba/ask-questions.ts';
import { checkAnswers } from '../../shared/domain/kba/check-answers.ts';
import { enrolQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { startChallenge } from '../../shared/domain/otp/start-challenge.ts';
import { verifyCode } from '../../shared/domain/otp/verify-code.ts';
import { defaultPolicy, type Method } from '../../shared/domain/policy/policy.ts';
import { type Backend, backendOn, trusting } from '../support/person.ts';
import { startTable } from '../support/table.ts';
import { workerOn } from '../support/worker.ts';
import { type Consumed, type MeteredTable, metered } from './meter.ts';

/** What a flow asks of AWS, beside the table. `seconds` are assumed: of all functions together. */
interface Asked {
  readonly invocations: number;
  readonly seconds: number;
  /** A message costs three requests: it is sent, received and deleted. */
  readonly messages: number;
  readonly apiRequests: number;
}

export interface Flow extends Asked {
  readonly name: string;
  readonly consumed: Consumed;
}

const client = 'web-login';
const answers = {
  'first-teacher': 'Frobisher',
  'childhood-street': 'Quince Lane',
  'first-concert': 'Warblers',
};

const asked: Readonly<Record<string, Asked>> = {
  SMS: { invocations: 4, seconds: 0.35, messages: 2, apiRequests: 2 },
  Email: { invocations: 3, seconds: 0.3, messages: 1, apiRequests: 2 },
  Call: { invocations: 5, seconds: 1.5, messages: 2, apiRequests: 2 },
  'security questions': { invocations: 2, seconds: 0.4, messages: 0, apiRequests: 2 },
  'backup code': { invocations: 1, seconds: 0.2, messages: 0, apiRequests: 1 },
};

/** Each flow of somebody with three addresses and three questions; decoys cost the same but for the message. */
export async function flows(): Promise<Flow[]> {
  const plain = await startTable();
  try {
    const table = metered(plain);
    const backend = backendOn(table, { ...defaultPolicy, ...trusting, securityCodes: 'both' });
    const performed = [
      ['SMS', await signInBy('SMS', table, backend)],
      ['Email', await signInBy('Email', table, backend)],
      ['Call', await signInBy('Call', table, backend)],
      ['security questions', await answer(backend)],
      ['backup code', await redeem(backend)],
    ] as const;
    const counted: Flow[] = [];
    for (const [name, perform] of performed) {
      table.take();
      await perform();
      counted.push({ name, consumed: table.take(), ...(asked[name] as Asked) });
    }
    return counted;
  } finally {
    await plain.close();
  }
}

let people = 0;
async function enrol(backend: Backend): Promise<string> {
  people += 1;
  const userId = `person-${people}@corp.example`;
  const questions = await Promise.all(
    Object.entries(answers).map(([questionId, given]) =>
      enrolQuestion({ questionId, answer: given }, backend.keyring),
    ),
  );
  const contact = {
    userId,
    phone: { number: `+1202555${String(people).padStart(4, '0')}`, country: 'US' },
    email: userId,
    alternateEmail: `person-${people}@home.example`,
    displayName: 'Anna Maria Example',
  };
  await enrolUser(contact, true, backend, questions);
  return userId;
}

async function signInBy(method: Method, table: MeteredTable, backend: Backend) {
  const userId = await enrol(backend);
  const worker = workerOn(table, backend);
  return async () => {
    const person = await backend.person(userId);
    const started = await startChallenge({ person, client, purpose: 'sign-in', method }, backend);
    if (started.kind !== 'challenge') throw new Error(started.kind);
    await worker.work();
    const code = worker.left.at(-1)?.code ?? '';
    // The function that speaks the code reads the record once more.
    if (method === 'Call') await backend.users.read(person.key);
    const { challengeId } = started.view;
    const verdict = await verifyCode({ challengeId, client, code, request: userId }, backend);
    if (verdict.kind !== 'verified') throw new Error(verdict.kind);
    await worker.count();
  };
}

async function answer(backend: Backend) {
  const userId = await enrol(backend);
  return async () => {
    const person = await backend.person(userId);
    const put = await askQuestions({ person, client, purpose: 'sign-in' }, backend);
    if (put.kind !== 'questions') throw new Error(put.kind);
    const given = put.questions.map(({ questionId }) => ({
      questionId,
      answer: answers[questionId as keyof typeof answers],
    }));
    const { challengeId } = put.view;
    const verdict = await checkAnswers({ challengeId, client, answers: given, request: userId }, backend);
    if (verdict.kind !== 'verified') throw new Error(verdict.kind);
  };
}

async function redeem(backend: Backend) {
  const userId = await enrol(backend);
  const request = {
    kind: 'static',
    client: 'helpdesk',
    operator: 'olga',
    reason: 'lost',
    request: userId,
  } as const;
  const made = await generateCodes({ ...request, person: await backend.person(userId) }, backend);
  if (made.kind !== 'generated') throw new Error(made.kind);
  const code = readBackupCode(made.codes[0] as string) as string;
  return async () => {
    const verdict = await redeemCode(
      { client, person: await backend.person(userId), code, request: 'one' },
      backend,
    );
    if (verdict.kind !== 'verified') throw new Error(verdict.kind);
  };
}
