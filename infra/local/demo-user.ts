/** The demonstration user, enrolled through the API like every other. */
import type { ListedQuestion } from '../../shared/domain/kba/question-list.ts';
import type { Template } from './template/template.ts';
import { developmentSecret } from './token-issuer/issuer.ts';

/** Numbers 555-0100 to 555-0199 and the domain `.example` belong to nobody. */
export const demoUser = {
  userId: 'alice',
  phone: '+12025550123',
  email: 'alice@example.com',
  alternateEmail: 'alice@alternate.example',
  securityQuestions: [
    { questionId: 'first-teacher', answer: 'Frobisher' },
    { questionId: 'childhood-street', answer: 'Quince Tree Lane' },
    { questionId: 'first-concert', answer: 'The Marsh Warblers' },
  ],
} as const;

export interface Answered {
  readonly questionId: string;
  readonly answer: string;
}

/** Answers of the demo user, to the first questions of the stage's own list where it has one. */
export function answersIn(template: Template): readonly Answered[] {
  const variables = template
    .ofType('AWS::Lambda::Function')
    .map(
      ([, { Properties }]) => Properties['Environment'] as { Variables?: { QUESTIONS?: string } } | undefined,
    );
  const own = variables.find((environment) => environment?.Variables?.QUESTIONS)?.Variables?.QUESTIONS;
  const all = own === undefined ? [] : (JSON.parse(own) as readonly ListedQuestion[]);
  const list = all.filter(({ retired }) => !retired);
  return demoUser.securityQuestions.map(({ questionId, answer }, place) => ({
    questionId: list[place]?.id ?? questionId,
    answer,
  }));
}

/** Leaves an enrolment alone that survived a restart. @throws when the API does not take it. */
export async function enrolDemoUser(origin: string, securityQuestions: readonly Answered[]): Promise<void> {
  const authorization = `Bearer ${await adminToken(origin)}`;
  const { userId, ...contact } = demoUser;
  const url = `${origin}/v1/users/${userId}`;
  const known = await fetch(url, { headers: { authorization } });
  if (known.ok) return;
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ ...contact, securityQuestions, displayName: 'Alice', locale: 'en' }),
  });
  if (!answer.ok) {
    throw new Error(`the demonstration user was not enrolled: ${answer.status} ${await answer.text()}`);
  }
}

async function adminToken(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`admin:${developmentSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!answer.ok) throw new Error(`the token issuer answered ${answer.status}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}
