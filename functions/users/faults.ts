/** What is wrong with a body about a person, in the words of the API. */
import { mostAliases } from '../../shared/domain/enrolment/aliases.ts';
import type { Refused } from '../../shared/domain/enrolment/decide-enrolment.ts';
import { type Answer, type InputError, nobody, problem } from '../../shared/http/problem.ts';

export const sameAsEmail: InputError = {
  pointer: '/alternateEmail',
  detail: 'Use an inbox other than that of email: nobody can recover a factor with that same factor.',
};

const tooManyAliases: InputError = {
  pointer: '/aliases',
  detail: `Use at most ${mostAliases} names beside the userId. Other forms of one name count once.`,
};

export function refusalOf(refused: Refused): Answer {
  switch (refused.kind) {
    case 'name-taken':
      return problem('conflict', {
        detail: `Another person has the name ${refused.name}. Nothing was changed.`,
      });
    case 'not-found':
      return nobody();
    case 'same-inbox':
      return problem('invalid-request', { errors: [sameAsEmail] });
    case 'too-many-aliases':
      return problem('invalid-request', { errors: [tooManyAliases] });
  }
}
