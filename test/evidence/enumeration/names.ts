/** Who is asked for: people of two organisations and nobody, under names in every form. */
import { securityQuestions } from '../../e2e/recovering.ts';

/** `uniform` enrols everybody alike; in `mixed` some have an email alone, and the stage says so. */
export type Organisation = 'uniform' | 'mixed';

export interface Asked {
  /** As the client asks for it. */
  readonly name: string;
  /** Whose masks it has to look like: those of the organisation's own domain, or of another. */
  readonly domain: string;
  /** What is enrolled under the name; absent for nobody. */
  readonly contact?: object | undefined;
}

let numbers = 0;

/** Everything that a person can have, in the domain of the stage `local` unless another is given. */
export function contactOf(userId: string, domain = 'example.com') {
  numbers += 1;
  return {
    phone: `+1202555${String(numbers).padStart(4, '0')}`,
    email: `${userId}@${domain}`,
    alternateEmail: `${userId}@alternate.example`,
    securityQuestions,
  };
}

/** Names are of one length and begin alike, since masks show the first letter of an address. */
export const nameOf = (kind: string, turn: string): string => `m-${kind}-${turn}`.padEnd(30, 'x');

const elsewhere = 'elsewhere.example';
const ofForms: readonly (readonly [form: (x: string) => string, domain: string])[] = [
  [(x) => x, 'own'],
  [(x) => `CORP\\${x}`, 'own'],
  [(x) => `${x}@corp.example`, 'own'],
  [(x) => `${x}@${elsewhere}`, elsewhere],
  [(x) => x.toUpperCase(), 'own'],
];

/** Of small sizes: where two of each form are drawn, one form of each domain. */
const fewForms: Readonly<Record<Organisation, typeof ofForms>> = {
  uniform: ofForms.slice(0, 4),
  mixed: ofForms.filter(([, domain], place) => place === 0 || domain === elsewhere),
};

/** @param turn tells the names of one comparison from those of another */
export function namesOf(organisation: Organisation, turn: string, quick: boolean): readonly Asked[] {
  const nobodies = (quick ? fewForms[organisation] : ofForms).flatMap(([form, domain], place) =>
    // Where sets of methods are drawn by the name, two of each form.
    (organisation === 'uniform' ? [1] : [1, 2]).map((draw) => ({
      name: form(nameOf(`nobody-${place}-${draw}`, turn)),
      domain,
    })),
  );
  const sets = organisation === 'uniform' ? ['all'] : ['all', 'mail'];
  const people = sets.flatMap((set) => {
    const [own, other] = [nameOf(`own-${set}`, turn), nameOf(`other-${set}`, turn)];
    const phone = set === 'mail' ? { phone: undefined } : {};
    return [
      { name: own, domain: 'own', contact: { ...contactOf(own), ...phone } },
      {
        name: `${other}@${elsewhere}`,
        domain: elsewhere,
        contact: { ...contactOf(other, elsewhere), ...phone },
      },
    ];
  });
  return [...people, ...nobodies];
}
