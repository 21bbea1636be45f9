/** Races for answers, backup codes and recoveries, and for the budget that all of them share. */
import { enrol } from '../../e2e/people.ts';
import { enrolRecovering, wrongAnswers } from '../../e2e/recovering.ts';
import type { Json } from '../../stack.ts';
import { cameThrough, having, type Race, times, turnedAway } from './race.ts';

export const otherRaces: readonly Race[] = [
  {
    id: 'races.backup-code',
    promise: 'A backup code works once',
    how: 'one code, 30 posts in parallel',
    async run({ stack, api, few }) {
      const requests = few(30);
      const { userId } = await enrol(stack);
      const [code] = (await api.generate(userId, { kind: 'static' })).body.codes;
      const answers = await times(requests, () => api.useBackupCode({ userId, code }));
      const accepted = having(answers, 200);
      return {
        counted: { requests, accepted, ...turnedAway(answers) },
        holds: cameThrough(accepted, 1, answers),
      };
    },
  },
  {
    id: 'races.duplicate-recovery',
    promise: 'A recovery that is started again under its key is one execution',
    how: '20 equal starts of a recovery under one key in parallel; executions are the first steps that were opened',
    async run({ stack, api, few }) {
      const requests = few(20);
      const { userId } = await enrolRecovering(stack);
      const start = () => api.startAnswer(userId, { path: 'kba' }, { key: 'once' });
      const answers = await times(requests, start);
      const ids = new Set(answers.map(({ body }) => body.recoveryId as string));
      for (const id of ids) await api.past(id, 'none'); // its first step may come after the answers
      await stack.quiet();
      const opened = stack
        .log()
        .filter(({ event, recovery }) => event === 'recovery-step-opened' && ids.has(String(recovery)));
      return {
        counted: {
          requests,
          created: having(answers, 201),
          recoveries: ids.size,
          executions: opened.length,
        },
        holds: having(answers, 201) === requests && ids.size === 1 && opened.length === 1,
      };
    },
  },
  {
    id: 'races.right-answers',
    promise: 'Right answers to security questions are worth one assertion',
    how: 'the right answers of one challenge, 20 times in parallel',
    async run({ stack, api, few }) {
      const requests = few(20);
      const { userId } = await enrolRecovering(stack);
      const { body } = await api.askQuestions(userId);
      const answers = await times(requests, () => api.check(body));
      const accepted = having(answers, 200);
      return {
        counted: { requests, accepted, ...turnedAway(answers) },
        holds: cameThrough(accepted, 1, answers),
      };
    },
  },
  {
    id: 'races.wrong-answers',
    promise: 'Security questions take three tries in 24 hours, over all clients',
    how: 'wrong answers in parallel by two clients, each in a challenge of its own',
    async run({ stack, api, few }) {
      const requests = few(24);
      const { userId } = await enrolRecovering(stack);
      const clients = ['credential-provider', 'web-login'] as const;
      const asked = await Promise.all(
        clients.map(async (client) => (await api.askQuestions(userId, { client })).body),
      );
      const answers = await times(requests, (n) =>
        api.check(asked[n % 2], wrongAnswers, { client: clients[n % 2] as 'web-login' }),
      );
      const evaluated = having(answers, 422);
      return {
        counted: { requests, evaluated, ...turnedAway(answers) },
        holds: cameThrough(evaluated, 3, answers),
      };
    },
  },
  {
    id: 'races.regenerate-use',
    promise: 'A batch of backup codes ends when the next one is made: never both, never neither',
    how: 'a new batch and a code of the old one at the same moment, then another old and a new code',
    async run({ stack, api }) {
      const { userId } = await enrol(stack);
      const old = (await api.generate(userId, { kind: 'static' })).body.codes as string[];
      const [, made] = await Promise.all([
        api.useBackupCode({ userId, code: old[0] }),
        api.generate(userId, { kind: 'static' }),
      ]);
      const late = await api.useBackupCode({ userId, code: old[1] });
      const fresh = await api.useBackupCode({ userId, code: (made.body as Json)?.codes?.[0] ?? '' });
      const counted = {
        'old accepted afterwards': having([late], 200),
        'new accepted': having([fresh], 200),
      };
      return { counted, holds: late.status === 422 && fresh.status === 200 };
    },
  },
  {
    id: 'races.user-budget',
    promise:
      'A person has ten wrong attempts in 24 hours before the first wait, over all methods, challenges and clients',
    how: 'wrong codes, answers and backup codes in parallel, by two clients at once',
    async run({ stack, api, runners: most }) {
      const runners = Math.max(16, most); // with fewer not all ten come together
      const person = await enrolRecovering(stack);
      const { userId } = person;
      const clients = ['credential-provider', 'web-login'] as const;
      const open = await Promise.all(
        clients.map(async (client, n) => ({
          client,
          otp: (await api.start(userId, { method: n === 0 ? 'SMS' : 'Email' }, { client })).body,
          kba: (await api.askQuestions(userId, { client })).body,
        })),
      );
      const answers = await times(runners, (n) => {
        const { client, otp, kba } = open[n % 2] as (typeof open)[number];
        if (n % 5 === 0) return api.check(kba, wrongAnswers, { client });
        if (n % 5 < 3) return api.verify(otp.challengeId, String(n).padStart(6, '0'), { client });
        return api.useBackupCode(
          { userId, code: `0000-0000-0000-${String(n).padStart(4, '0')}` },
          { client },
        );
      });
      const [evaluated, accepted] = [having(answers, 422), having(answers, 200)];
      return {
        counted: { requests: runners, evaluated, accepted, ...turnedAway(answers) },
        holds: cameThrough(evaluated, 10, answers) && accepted === 0,
      };
    },
  },
];
