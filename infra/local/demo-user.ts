/** The demonstration user, enrolled through the API like every other. */
import { createClient, orThrow } from '../../shared/client/index.ts';
import type { ListedQuestion } from '../../shared/domain/kba/question-list.ts';
import { entraNameOf } from '../../shared/domain/sign-in-session/entra-hint.ts';
import type { EntraTenant } from '../../shared/environment/sign-in-clients.ts';
import { objectIdOf } from './sign-in/entra.ts';
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

/**
 * Leaves an enrolment alone that survived a restart.
 * @param tenant of Entra ID, under whose object id the demo user is known too
 * @throws when the API does not take it.
 */
export async function enrolDemoUser(
  api: string,
  securityQuestions: readonly Answered[],
  tenant: EntraTenant | undefined,
): Promise<void> {
  const { userId, ...contact } = demoUser;
  const path = { userId };
  const admin = createClient({
    api,
    tokenUrl: `${api}/oauth2/token`,
    clientId: 'admin',
    clientSecret: developmentSecret,
  });
  if ((await admin.request('readUser', { path })).ok) return;
  const aliases = tenant && [entraNameOf(tenant.tenantId, objectIdOf(userId))];
  const body = { ...contact, securityQuestions, displayName: 'Alice', locale: 'en', aliases };
  orThrow(await admin.request('enrolUser', { path, body }));
}
