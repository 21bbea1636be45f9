/** kba-check: asks security questions and gives one verdict on all answers together. */
import { api } from '../../shared/lambda/api.ts';
import { ask } from './ask.ts';
import { check } from './check.ts';
import { connect } from './ports.ts';
import { askInRecovery } from './workflow-tasks.ts';

export const handler = api(
  'kba-check',
  connect,
  {
    'POST /v1/kba-challenges': ask,
    'POST /v1/kba-challenges/{challengeId}/check': check,
  },
  { 'ask-questions': askInRecovery },
);
