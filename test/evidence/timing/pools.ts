/** Pools of people for the timing, an equal number of each kind and with the same history, so that only the kind differs. */
import { put } from '../../e2e/people.ts';
import { securityQuestions } from '../../e2e/recovering.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Delivery } from './exchange.ts';

/** What a name can stand for. `locked …` have spent ten wrong attempts and are stopped; `nine wrong` nearly so. */
export const conditions = [
  'known',
  'unknown',
  'disabled',
  'no phone',
  'no questions',
  'nine wrong',
  'locked',
  'locked unknown',
] as const;
export type Condition = (typeof conditions)[number];

export interface Needs {
  readonly questions?: true;
  /** Numbers are few: only where codes go to them. */
  readonly phone?: true;
  /** A batch of backup codes, one of which is right. */
  readonly codes?: true;
}

export interface Subject {
  readonly userId: string;
  readonly backupCode: string;
}

let names = 0;
let numbers = 0;

/** @throws when an enrolment is refused. */
export async function subjectOf(
  stack: MeasuredStack,
  condition: Condition,
  needs: Needs,
  send: Delivery,
): Promise<Subject> {
  names += 1;
  const userId = `t-${String(names).padStart(6, '0')}`;
  let backupCode = '0000-0000-0000-0000';
  if (!condition.endsWith('unknown')) {
    const contact = {
      email: `${userId}@example.com`,
      ...(needs.phone && condition !== 'no phone' ? { phone: nextNumber() } : {}),
      ...(needs.questions && condition !== 'no questions' ? { securityQuestions } : {}),
    };
    await enrolled(put(stack, userId, contact));
    if (needs.codes) backupCode = await firstCode(stack, userId);
    if (condition === 'disabled') await enrolled(put(stack, userId, { ...contact, enabled: false }));
  }
  if (condition.startsWith('locked')) await attempt(userId, 10, send);
  if (condition === 'nine wrong') await attempt(userId, 9, send);
  return { userId, backupCode };
}

async function enrolled(answer: Promise<{ readonly status: number }>): Promise<void> {
  const { status } = await answer;
  if (status > 201) throw new Error(`an enrolment answered ${status}`);
}

/** Fictitious numbers; those of one stack are all different. */
function nextNumber(): string {
  numbers += 1;
  return `+1202555${String(numbers % 10_000).padStart(4, '0')}`;
}

async function firstCode(stack: MeasuredStack, userId: string): Promise<string> {
  const token = await stack.token('helpdesk');
  const generate = () =>
    stack.request('POST', `/v1/users/${userId}/backup-codes`, {
      token,
      body: { kind: 'static', operator: `operator-of-${userId}`, reason: 'the evidence asks' },
    });
  let answer = await generate();
  if (answer.status === 429) {
    await stack.advance(3_601); // a help desk may make so many an hour
    answer = await generate();
  }
  if (answer.status !== 201) throw new Error(`the help desk was answered ${answer.status}`);
  return answer.body.codes[0];
}

/** Wrong codes at one challenge; the tenth is its last, and where the policy of the timing stops a person. */
async function attempt(userId: string, attempts: number, send: Delivery): Promise<void> {
  const { body } = await send('POST', '/v1/otp-challenges', { userId, method: 'Email' });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await send('POST', `/v1/otp-challenges/${body.challengeId}/verify`, { code: '000000' });
  }
}
