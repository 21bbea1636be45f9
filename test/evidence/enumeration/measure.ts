/** Enumeration: whether any answer of a sign-in route tells who is known, and in which state. */
import { borrowMeasured, startMeasured } from '../inside/stack.ts';
import { type Figure, grouped, type Measurement, noneOf, type Progress } from '../measurement.ts';
import { unhurried, uniform } from '../policies.ts';
import { type Circumstance, circumstances, compareIn } from './circumstances.ts';
import type { Organisation } from './names.ts';
import { compareAlike, compareKinds } from './story.ts';

const stages: Readonly<Record<Organisation, object>> = {
  uniform,
  mixed: {
    ...uniform,
    decoys: [
      { methods: ['SMS', 'Email', 'Call'], weight: 1 },
      { methods: ['Email'], weight: 1 },
    ],
  },
};

const inOrganisation: Readonly<Record<Organisation, string>> = {
  uniform: 'where all are enrolled alike',
  mixed: 'where some have an email alone',
};
const inCircumstance: Readonly<Record<Circumstance, string>> = {
  calm: 'In calm',
  outage: 'While a carrier is down',
  breaker: 'While a breaker holds',
};
const organisations: readonly Organisation[] = ['uniform', 'mixed'];
const sides = organisations.flatMap((organisation) =>
  circumstances.map((circumstance) => ({
    id: `enumeration.${organisation}-${circumstance}`,
    organisation,
    circumstance,
    promise: `${inCircumstance[circumstance]}, ${inOrganisation[organisation]}, no form of a name tells nobody from somebody`,
  })),
);
const howOfSides =
  'names asked for side by side as `x`, `X`, `CORP\\x`, `x@corp.example` and `x@elsewhere.example`, each against people whose addresses have its domain: what the rows above compare, methods, masks, questions and waits too, at each step from the start over retries, the next method and a resend to wrong codes and answers; a recovery by code and the sign-in page; each carrier down in turn; the breaker tripped by thirty numbers; the stage names the sets of methods';

/** Small sizes have one circumstance of each organisation. */
const small: Readonly<Record<Organisation, Circumstance>> = { mixed: 'outage', uniform: 'breaker' };
const leftOut: Figure = { figure: 'left out of small sizes', holds: undefined };

async function measureIn(organisation: Organisation, quick: boolean, progress: Progress) {
  const isShared = quick && organisation === 'uniform';
  const stack = await (isShared
    ? borrowMeasured(undefined, unhurried)
    : startMeasured(undefined, stages[organisation]));
  const figures: Record<string, Figure> = {};
  try {
    Object.assign(figures, await inTurn(organisation, stack, quick, progress));
    for (const { id, circumstance } of sides.filter((side) => side.organisation === organisation)) {
      if (quick && circumstance !== small[organisation]) {
        figures[id] = leftOut;
        continue;
      }
      const { names, answers, differences } = await compareIn(
        circumstance,
        organisation,
        stack,
        quick,
        progress,
      );
      const found = `${differences} differences in ${grouped(answers)} answers of ${names} names`;
      figures[id] = noneOf(differences, found);
      progress(`${id}: ${found}`);
    }
  } finally {
    await stack.stop();
  }
  return figures;
}

async function inTurn(
  organisation: Organisation,
  stack: Awaited<ReturnType<typeof startMeasured>>,
  quick: boolean,
  progress: Progress,
): Promise<Record<string, Figure>> {
  if (organisation === 'uniform') {
    const { kinds, answers, differences } = await compareAlike(stack, quick, progress);
    const figure = `${differences} differences in ${grouped(answers)} answers of ${kinds} kinds of names`;
    return { 'enumeration.alike': noneOf(differences, figure) };
  }
  const { kinds, answers, bytes, differences, locked, pairs } = await compareKinds(stack, quick, progress);
  const figure = `${differences} differences in ${grouped(answers)} answers of ${kinds} kinds of names, ${grouped(bytes)} bytes of bodies`;
  return {
    'enumeration.answers': noneOf(differences, figure),
    'enumeration.locked': noneOf(locked, `${locked} differences in ${pairs} pairs`),
  };
}

export const enumeration: Measurement = {
  name: 'enumeration',
  rows: [
    {
      id: 'enumeration.answers',
      promise:
        'No answer tells a known person from a name that is unknown, disabled, removed or half enrolled',
      how: 'status, names and values of headers, body and length of every sign-in route, for eight kinds of names, which begin as their addresses do, from the start to the lock; ids, times, digits of masks, domains of private inboxes, sets of methods and questions apart; quotas and breaker as the policy has them',
    },
    {
      id: 'enumeration.alike',
      promise:
        'Where all are enrolled alike, methods and questions tell no more, in whatever form a name is asked for',
      how: 'the same story, methods and questions compared, where everybody has a number, two addresses and the three questions of the list; names as they are, in capitals, with `CORP\\` and with the domain',
    },
    {
      id: 'enumeration.locked',
      promise: 'A start does not tell that the person is locked',
      how: 'the first start of each story against the one after its ten wrong attempts',
    },
    ...sides.map(({ id, promise }) => ({ id, promise, how: howOfSides })),
  ],

  async measure({ quick }, progress) {
    return {
      ...(await measureIn('mixed', quick, progress)),
      ...(await measureIn('uniform', quick, progress)),
    };
  },
};
