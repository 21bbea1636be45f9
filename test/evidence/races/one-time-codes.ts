/** Races for one-time codes: their starts, their verification, their resends. */
import { codeSentTo, enrol, honestly, messagesTo, put, wrong } from '../../e2e/people.ts';
import type { StackAnswer } from '../../stack.ts';
import { cameThrough, having, type Race, type Track, times, turnedAway } from './race.ts';

async function challenged({ stack, api }: Track, more: object = { method: 'SMS' }) {
  const person = await enrol(stack);
  const { body } = await api.start(person.userId, more);
  return { ...person, challengeId: body.challengeId as string, code: await codeSentTo(stack, person.phone) };
}

export const codeRaces: readonly Race[] = [
  {
    id: 'races.right-code',
    promise: 'A one-time code works once',
    how: 'the right code, sent in parallel',
    async run(track) {
      const { challengeId, code } = await challenged(track);
      const answers = await times(track.runners, () => track.api.verify(challengeId, code));
      const accepted = having(answers, 200);
      return {
        counted: { requests: track.runners, accepted, ...turnedAway(answers) },
        holds: cameThrough(accepted, 1, answers),
      };
    },
  },
  {
    id: 'races.wrong-codes',
    promise: 'A challenge takes five attempts, however they race',
    how: 'different wrong codes in parallel; evaluated are those that were compared (422)',
    async run(track) {
      const { challengeId, code } = await challenged(track);
      const answers = await times(track.runners, (n) => track.api.verify(challengeId, wrong(code, n + 1)));
      const evaluated = having(answers, 422);
      return {
        counted: {
          requests: track.runners,
          evaluated,
          accepted: having(answers, 200),
          ...turnedAway(answers),
        },
        holds: cameThrough(evaluated, 5, answers) && having(answers, 200) === 0,
      };
    },
  },
  {
    id: 'races.right-among-wrong',
    promise: 'The right code counts only when it is among those five',
    how: 'one right code at a random place among parallel wrong ones',
    async run(track) {
      const { challengeId, code } = await challenged(track);
      const right = Math.floor(Math.random() * track.runners);
      const answers = await times(track.runners, (n) =>
        track.api.verify(challengeId, n === right ? code : wrong(code, n + 1)),
      );
      const [accepted, rejected] = [having(answers, 200), having(answers, 422)];
      const late = await track.api.verify(challengeId, code);
      return {
        counted: {
          requests: track.runners,
          'evaluated at most': accepted + rejected,
          'accepted later': having([late], 200),
        },
        holds: accepted <= 1 && accepted + rejected <= 5 && late.status !== 200,
      };
    },
  },
  {
    id: 'races.duplicate-start',
    promise: 'A start that is repeated under its key is one challenge and one message',
    how: '20 equal starts under one Idempotency-Key in parallel; distinct answers are counted byte for byte',
    async run({ stack, api, few }) {
      const person = await enrol(stack);
      const requests = few(20);
      const start = () => api.start(person.userId, { method: 'SMS' }, { key: 'once' });
      const answers = await times(requests, start);
      await stack.settled();
      const different = new Set(answers.map(({ text }) => text)).size;
      const messages = await messagesTo(stack, person.phone);
      return {
        counted: { requests, created: having(answers, 201), 'distinct answers': different, messages },
        holds: having(answers, 201) === requests && different === 1 && messages === 1,
      };
    },
  },
  {
    id: 'races.verify-resend',
    promise: 'A resend and a verification that race end with one assertion at most',
    how: 'the old code and a resend at the same moment, then the new code',
    async run(track) {
      const { stack, api } = track;
      const { challengeId, code, phone } = await challenged(track);
      await stack.advance(31);
      const [verified, resent] = await Promise.all([api.verify(challengeId, code), api.resend(challengeId)]);
      const next =
        resent.status === 200 ? await api.verify(challengeId, await codeSentTo(stack, phone, 2)) : undefined;
      const again = await api.verify(challengeId, code);
      const accepted = having([verified, again, ...(next ? [next] : [])], 200);
      return { counted: { accepted }, holds: accepted === 1 };
    },
  },
  {
    id: 'races.destination',
    promise: 'One number gets five messages in ten minutes, whoever asks, and no start tells of the others',
    how: 'twelve people with one number, each started by two clients in parallel, by SMS and call',
    async run({ stack, api, few }) {
      const { phone } = await enrol(stack);
      const requests = few(24);
      const people = requests / 2;
      const users = await times(people, async (n) => {
        const userId = `sharing-${phone.slice(1)}-${n}`;
        await put(stack, userId, { phone });
        return userId;
      });
      const tries: StackAnswer[] = [];
      const answers = await times(requests, (n) =>
        honestly(async () => {
          const options = {
            client: n < people ? 'credential-provider' : 'web-login',
            key: `destination-${n}`,
          } as const;
          const answer = await api.start(
            users[n % people] as string,
            { method: n % 2 === 0 ? 'SMS' : 'Call' },
            options,
          );
          tries.push(answer);
          return answer;
        }),
      );
      await stack.settled();
      await stack.quiet(); // a call speaks after the carrier took it
      // Beside codes, people are told that codes are asked for in vain.
      const codes = (await stack.outbox(phone)).filter(({ body }) => /\d(?: ?\d){5}/.test(body));
      return {
        counted: {
          requests,
          created: having(answers, 201),
          messages: codes.length,
          ...turnedAway(tries),
        },
        // A try that was answered 503 may have used a place up: then fewer leave, and never more.
        holds: cameThrough(codes.length, 5, tries) && having(answers, 201) === requests,
      };
    },
  },
];
