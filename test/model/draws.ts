/** Makes a draw into the operation that it stands for, where there is what it acts on. */
import { anotherCode } from '../support/person.ts';
import type { Draw, Operation } from './operations.ts';
import type { Trial } from './trial.ts';

export const clients = ['web-login', 'credential-provider'] as const;

/** Answers to the questions that everybody of a model run is enrolled with. */
export const answers: Readonly<Record<string, string>> = {
  'first-teacher': 'Wollstonecraft',
  'childhood-street': 'Heron Gate',
  'first-film': 'The Lighthouse Cat',
};

/** `undefined` for a draw about something that is not there. */
export function operationOf(draw: Draw, trial: Trial): Operation | undefined {
  const user = trial.names[draw.user % trial.names.length] as string;
  const owner = clients[draw.client % clients.length] as string;
  const client = draw.isForeign ? (clients[(draw.client + 1) % clients.length] as string) : owner;
  const { method, key, attempt } = draw;
  const newest = <S extends { readonly user: string; readonly client: string }>(started: readonly S[]) =>
    started.filter((one) => one.user === user && one.client === owner).at(-1 - draw.back);

  switch (draw.do) {
    case 'start':
      return { do: draw.do, user, client: owner, method, key };
    case 'ask':
      return { do: draw.do, user, client: owner, key };
    case 'deliver':
      return { do: draw.do, times: 1 + (draw.back % 2) };
    case 'unlock':
      return { do: draw.do, user };
    case 'remove':
      return { do: draw.do, user };
    case 'enrol':
      return { do: draw.do, user, ...contactOf(user, draw.contact, trial) };
    case 'generate':
      return {
        do: draw.do,
        user,
        client: 'helpdesk',
        codeKind: draw.back === 0 ? 'static' : 'one-time',
        count: 1 + draw.back,
        key,
      };
    case 'resend':
    case 'status':
    case 'verify': {
      const of = newest(trial.challenges)?.id;
      if (of === undefined) return undefined;
      if (draw.do === 'resend') return { do: draw.do, user, client, of, method, key };
      if (draw.do === 'status') return { do: draw.do, user, client, of };
      return { do: draw.do, user, client, of, key, ...typedFor(of, draw, trial) };
    }
    case 'check': {
      const asked = newest(trial.questions);
      if (asked === undefined) return undefined;
      const known = asked.asked.map((questionId) => ({
        questionId,
        answer: answers[questionId] ?? 'unknown',
      }));
      const isRight = attempt === 'right' && asked.asked.every((questionId) => questionId in answers);
      const [first, ...others] = known;
      const wrong = attempt === 'earlier' ? others : [{ ...first, answer: attempt }, ...others];
      const given = JSON.stringify(attempt === 'right' ? known : wrong);
      return { do: draw.do, user, client, of: asked.id, given, isRight, key };
    }
    case 'use': {
      const own = [...trial.batches].filter(([, batch]) => batch.user === user);
      const [batch, { codes = [] } = {}] = own.at(-1 - (draw.back % 2)) ?? [];
      const place = draw.back % Math.max(1, codes.length);
      const typed = codes[place]?.replaceAll('-', '');
      if (batch === undefined || typed === undefined || attempt.startsWith('wrong'))
        return { do: draw.do, user, client, typed: `000000000000000${draw.contact}`, key };
      return { do: draw.do, user, client, typed, code: { batch, place }, key };
    }
  }
}

function typedFor(of: string, { attempt, contact }: Draw, { codes, challenges }: Trial) {
  const sends = [...codes.keys()].filter((send) => send.startsWith(`${of} `));
  const current = sends.at(-1) as string;
  const right = codes.get(current) as string;
  const others = attempt === 'earlier' ? sends.slice(0, -1) : [];
  const anothers = challenges.filter(({ id }) => id !== of).map(({ id }) => `${id} 1`);
  const other = attempt === 'another' ? anothers[contact % Math.max(1, anothers.length)] : others.at(-1);
  const isCodeOf = attempt === 'right' ? current : other;
  const typed = isCodeOf === undefined ? undefined : codes.get(isCodeOf);
  // A code of another send may be the right one by chance: then it is not taken for a wrong one.
  if (isCodeOf !== undefined && typed !== undefined && (typed !== right || isCodeOf === current))
    return { typed, isCodeOf };
  return { typed: anotherCode(right, 1 + (Number(attempt.at(-1)) || 3)), isCodeOf: '' };
}

/** A second number, an address less, a number that another person has, somebody who is disabled. */
function contactOf(user: string, contact: number, { names }: Trial) {
  const place = names.indexOf(user);
  const phone = `+120255501${String(10 + place)}`;
  const email = `${user}@example.com`;
  const contacts = [
    { phone, email, enabled: true },
    { phone: '+12025550199', email, enabled: true },
    { phone, email: `another.${email}`, enabled: true },
    { email, enabled: true },
    { phone, enabled: true },
    { phone, email, enabled: false },
  ];
  return contacts[contact % contacts.length] as (typeof contacts)[number];
}
