/** Stages unlike the ordinary one which several files need, so that they share an assembly and a stack. */
import { createHash } from 'node:crypto';
import { catalogue } from '../../shared/domain/kba/catalogue.ts';
import { rightAnswers } from './recovering.ts';

const digest = (key: string) => createHash('sha256').update(key).digest('hex');

/** One method, one path of recovery, no backup codes; and groups of PCs with keys and modes of their own. */
export const narrow = {
  policy: {
    mode: 'MFA',
    mfaMethod: 'SMS',
    forgotPhone: { enabled: true, method: 'kba+otp-alternate-email', usersSelect: true },
    securityCodes: 'none',
  },
  stage: {
    windows: {
      groups: [
        { name: 'domain', mode: 'Hybrid', keys: [digest('new'), digest('old')] },
        { name: 'entra', mode: 'MFA', keys: [digest('entra')] },
        { name: 'admins', mode: 'DirectFidoAuth', keys: [digest('admins')] },
      ],
    },
  },
};

/** What an organisation asks that has added questions of its own. */
export const ownQuestions = [
  {
    id: 'first-desk',
    text: { en: 'Where did your first desk stand?', de: 'Wo stand Ihr erster Schreibtisch?' },
  },
  { id: 'first-mentor', text: { en: 'Who showed you around on your first day?' } },
  { id: 'first-badge', text: { en: 'What was printed on your first badge?' } },
  { id: 'first-canteen', text: { en: 'Which dish did you have on your first day?' } },
];
const keptIds: readonly string[] = Object.keys(rightAnswers);
/** Questions of the built-in catalogue that nobody may enrol there any more. */
export const retiredIds = catalogue.filter((id) => !keptIds.includes(id));

/** The SDK's clients as they come, and questions of the organisation's own beside a few of the built-in ones. */
export const stockWithOwnQuestions = {
  stage: {
    awsClient: 'stock',
    questions: [
      ...ownQuestions,
      ...keptIds.map((id) => ({ id })),
      ...retiredIds.map((id) => ({ id, retired: true })),
    ],
  },
};
