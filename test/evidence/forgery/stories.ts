/** Finished and unfinished stories of one person, each with the items it left and the requests that may follow it. */
import { readBackupCode } from '../../../shared/domain/backup-codes/backup-code.ts';
import { generateCodes } from '../../../shared/domain/backup-codes/generate-codes.ts';
import { rightCode } from '../../../shared/domain/challenge/winning-attempt.ts';
import { enrolUser } from '../../../shared/domain/enrolment/enrol-user.ts';
import { slotOf } from '../../../shared/domain/identifiers/challenge-id.ts';
import { askQuestions } from '../../../shared/domain/kba/ask-questions.ts';
import { enrolQuestion } from '../../../shared/domain/kba/enrolled-questions.ts';
import { startChallenge } from '../../../shared/domain/otp/start-challenge.ts';
import type { RecoveryPath } from '../../../shared/domain/policy/recovery-paths.ts';
import { startRecovery } from '../../../shared/domain/recovery/start-recovery.ts';
import { challengeKeyOf } from '../../../shared/domain/user-record/challenge.ts';
import { recoveryKey, userKey } from '../../../shared/store/table.ts';
import { writeStep } from '../../support/recovery-writes.ts';
import { readItem, type Written } from '../../support/table-writer.ts';
import type { Asked, World } from './world.ts';

export interface Story {
  readonly name: string;
  /** The items as they were after each step, the last ones now: what a rollback can put back. */
  readonly past: readonly (readonly Written[])[];
  readonly asked: readonly Asked[];
}

export const client = 'web-login';
export const other = 'credential-provider';
const answers = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'Cat Isle',
};
const minutes = 60;

type Purpose = 'sign-in' | 'recovery';

/** One person of a story, and what is done with them. */
export async function person(world: World, name: string, enabled = true) {
  const { ports, table } = world;
  const questions = await Promise.all(
    Object.entries(answers).map(([questionId, answer]) =>
      enrolQuestion({ questionId, answer }, ports.keyring),
    ),
  );
  const contact = { email: `${name}@example.com`, alternateEmail: `${name}@alternate.example` };
  await enrolUser({ userId: name, ...contact }, enabled, ports, questions);
  const past: Written[][] = [];
  let recovery: string | undefined;
  const step = async () => {
    const keys = [
      userKey(await ports.keyOf(name)),
      ...(recovery === undefined ? [] : [recoveryKey(recovery)]),
    ];
    past.push(await Promise.all(keys.map((key) => readItem(table, key))));
  };
  await step();
  return {
    past,
    step,
    async code(purpose: Purpose = 'sign-in') {
      const request = { person: await ports.person(name), client, purpose, recovery };
      const started = await startChallenge(request, ports);
      if (started.kind !== 'challenge') throw new Error(started.kind);
      const { record } = await ports.person(name);
      const challenge = record.challenges[challengeKeyOf(client, { purpose, slot: slotOf({ recovery }) })];
      if (challenge === undefined) throw new Error('no challenge is open');
      const { challengeId: id } = started.view;
      if (recovery !== undefined)
        await writeStep(recovery, { type: 'otp', token: 'otp', challengeId: id }, ports);
      await step();
      return { id, code: rightCode(challenge, ports.keyring) };
    },
    async questions(purpose: Purpose = 'sign-in') {
      const asked = await askQuestions(
        { person: await ports.person(name), client, purpose, recovery },
        ports,
      );
      if (asked.kind !== 'questions') throw new Error(asked.kind);
      const { challengeId: id, expiresAt } = asked.view;
      const right = asked.view.asked.map((questionId) => ({
        questionId,
        answer: answers[questionId as keyof typeof answers],
      }));
      const kba = { type: 'kba', token: 'kba', challengeId: id, questions: [], expiresAt } as const;
      if (recovery !== undefined) await writeStep(recovery, kba, ports);
      await step();
      const wrong = right.map(({ questionId }) => ({ questionId, answer: 'something else' }));
      const oneRight = [right[0], ...wrong.slice(1)];
      return { id, right, wrong, oneRight };
    },
    async backupCode() {
      const made = await generateCodes(
        {
          person: await ports.person(name),
          kind: 'one-time',
          client: 'helpdesk',
          operator: 'olga',
          reason: 'x',
          request: name,
        },
        ports as never,
      );
      if (made.kind !== 'generated') throw new Error(made.kind);
      await step();
      return readBackupCode(made.codes[0] as string) as string;
    },
    async begin(path?: RecoveryPath) {
      const started = await startRecovery({ person: await ports.person(name), client, path }, ports);
      if (started.kind !== 'recovery') throw new Error(started.kind);
      recovery = started.recovery.id;
      await step();
      return recovery;
    },
    async choice(id: string) {
      await writeStep(id, { type: 'choose', token: 'choose' }, ports);
      await step();
    },
    async waitsForBackupCode(id: string) {
      await writeStep(id, { type: 'backup-code', token: 'code' }, ports);
      await step();
    },
    async does(asked: Asked) {
      const signed = await world.signedFor(asked);
      await step();
      return signed;
    },
  };
}

const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Of codes by message: asked for, typed wrongly, typed rightly; of one who is disabled. */
async function codes(world: World): Promise<Story[]> {
  const open = await person(world, 'code-open');
  const { id, code } = await open.code();
  const wrong: Asked = { route: 'verify', client, id, body: { code: wrongCode(code) }, key: 'wrong' };
  await open.does(wrong);
  const late: Asked = { route: 'verify', client, id, body: { code }, later: 6 * minutes };
  const elsewhere: Asked = { route: 'verify', client: other, id, body: { code } };

  const done = await person(world, 'code-done');
  const own = await done.code();
  const right: Asked = { route: 'verify', client, id: own.id, body: { code: own.code }, key: 'right' };
  await done.does(right);
  const again = { ...right, key: 'again' };

  const disabled = await person(world, 'code-disabled', false);
  const decoy = await disabled.code();
  const decoyed: Asked = { route: 'verify', client, id: decoy.id, body: { code: decoy.code } };
  return [
    { name: 'a code that is open', past: open.past, asked: [wrong, late, elsewhere] },
    { name: 'a code that was right', past: done.past, asked: [right, again, { ...again, later: 60 }] },
    { name: 'somebody who is disabled', past: disabled.past, asked: [decoyed] },
  ];
}

async function questions(world: World): Promise<Story[]> {
  const open = await person(world, 'kba-open');
  const { id, right, wrong, oneRight } = await open.questions();
  const said: Asked = { route: 'check', client, id, body: { answers: wrong }, key: 'wrong' };
  await open.does(said);
  const partly: Asked = { route: 'check', client, id, body: { answers: oneRight } };
  const late: Asked = { route: 'check', client, id, body: { answers: right }, later: 16 * minutes };
  const elsewhere: Asked = { route: 'check', client: other, id, body: { answers: right } };

  const done = await person(world, 'kba-done');
  const own = await done.questions();
  const answered: Asked = { route: 'check', client, id: own.id, body: { answers: own.right }, key: 'right' };
  await done.does(answered);
  const claimed: Asked = { ...answered, body: { answers: own.wrong }, key: 'claimed' };
  await done.does(claimed);
  return [
    { name: 'questions that are open', past: open.past, asked: [said, partly, late, elsewhere] },
    { name: 'questions that were answered', past: done.past, asked: [answered, claimed] },
  ];
}

async function backupCodes(world: World): Promise<Story[]> {
  const open = await person(world, 'backup-open');
  const code = await open.backupCode();
  const by = (name: string, typed: string): Asked => ({
    route: 'redeem',
    client,
    body: { userId: name, code: typed },
  });
  const made = { ...by('backup-open', '0'.repeat(16)), key: 'made up' };
  await open.does(made);
  const late = { ...by('backup-open', code), later: 25 * 60 * minutes };

  const done = await person(world, 'backup-done');
  const used = { ...by('backup-done', await done.backupCode()), key: 'right' };
  await done.does(used);
  const elsewhere = { ...used, client: other };
  const known = by('backup-done', code); // the code of somebody else
  return [
    { name: 'a backup code that is unused', past: open.past, asked: [made, late] },
    { name: 'a backup code that was used', past: done.past, asked: [used, elsewhere, known] },
  ];
}

/** Of each path: begun, one step before its end, and finished. */
async function recoveries(world: World): Promise<Story[]> {
  const choosing = await person(world, 'recovery-choosing');
  const chosen = await choosing.begin();
  await choosing.choice(chosen);
  const asked: Asked[] = [
    { route: 'choose', client, id: chosen, body: { path: 'kba' } },
    { route: 'finish', client, id: chosen },
  ];
  const stories: Story[] = [{ name: 'a recovery whose path is open', past: choosing.past, asked }];
  for (const path of ['kba', 'otp-alternate-email', 'kba+otp-alternate-email', 'backup-code'] as const)
    for (const isFinished of [false, true]) stories.push(await recovered(world, path, isFinished));
  return stories;
}

async function recovered(world: World, path: RecoveryPath, isFinished: boolean): Promise<Story> {
  const one = await person(world, `recovery-${path}-${isFinished}`);
  const id = await one.begin(path);
  const last: Asked[] = [];
  const answer = async (isLast: boolean, right: Asked, wrong: Asked) => {
    const given = isLast && !isFinished ? wrong : right;
    await one.does(given);
    last.push(given);
  };
  if (path.startsWith('kba')) {
    const { id: kba, right, wrong } = await one.questions('recovery');
    const by = (given: object, key: string): Asked => ({
      route: 'check',
      client,
      id: kba,
      body: { answers: given },
      key,
    });
    await answer(path === 'kba', by(right, 'right'), by(wrong, 'wrong'));
  }
  if (path.includes('otp')) {
    const { id: otp, code } = await one.code('recovery');
    const by = (typed: string, key: string): Asked => ({
      route: 'verify',
      client,
      id: otp,
      body: { code: typed },
      key,
    });
    await answer(true, by(code, 'right'), by(wrongCode(code), 'wrong'));
  }
  if (path === 'backup-code') {
    const code = await one.backupCode();
    await one.waitsForBackupCode(id);
    const by = (typed: string, key: string): Asked => ({
      route: 'redeem',
      client,
      body: { recoveryId: id, code: typed },
      key,
    });
    await answer(true, by(code, 'right'), by('0'.repeat(16), 'wrong'));
  }
  if (isFinished) await one.does({ route: 'finish', client, id });
  const ending: Asked[] = [
    { route: 'read', client, id },
    { route: 'read', client: other, id },
    { route: 'finish', client, id },
  ];
  const name = `a recovery by ${path} that ${isFinished ? 'is finished' : 'lacks its last step'}`;
  return { name, past: one.past, asked: [...last, ...ending] };
}

export async function tell(world: World): Promise<Story[]> {
  return [
    ...(await codes(world)),
    ...(await questions(world)),
    ...(await backupCodes(world)),
    ...(await recoveries(world)),
  ];
}
