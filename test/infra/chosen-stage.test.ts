/** Which stage a synthesis is of, and which policy stands in for its own. */
import { describe, expect, it } from 'vitest';
import { chosenStage } from '../../infra/chosen-stage.ts';

describe('the stage of a synthesis', () => {
  it('is production of the project unless the context names another, or another folder', () => {
    expect(chosenStage({}, {})).toEqual({ name: 'production' });
    expect(chosenStage({ stage: 'trial', stages: '/srv' }, {})).toEqual({ name: 'trial', folder: '/srv' });
  });

  it.each(['stage=typo', 'Stage=typo', 'stages=/srv'])(
    'is not guessed when npm kept -c %s, and the refusal says how to type it',
    (kept) => {
      const environment = { npm_config_call: kept, npm_lifecycle_event: 'deploy' };
      expect(() => chosenStage({}, environment)).toThrow(
        `  -c ${kept}: npm keeps it to itself; put -- before -c, as in npm run deploy -- -c ${kept}`,
      );
    },
  );

  it('does not mind what else npm is given', () => {
    expect(chosenStage({}, { npm_config_call: '' })).toEqual({ name: 'production' });
    expect(chosenStage({}, { npm_config_call: 'npm run synth' })).toEqual({ name: 'production' });
  });

  it.each(['Stage', 'STAGE', 'Stages'])('is not guessed when the context has %s', (key) => {
    expect(() => chosenStage({ [key]: 'local', '@aws-cdk/core:flag': true }, {})).toThrow(
      `  -c ${key}: "${key}" is not allowed; use ${key.toLowerCase()}`,
    );
  });
});

describe('a policy in the environment', () => {
  it('stands in for the one of the stage local', () => {
    const chosen = chosenStage({ stage: 'local' }, { POLICY: 'policy.json' });
    expect(chosen).toEqual({ name: 'local', policyPath: 'policy.json' });
  });

  it('stops the synthesis of every other stage', () => {
    for (const context of [{}, { stage: 'trial' }])
      expect(() => chosenStage(context, { POLICY: 'policy.json' })).toThrow(
        '  POLICY: it stands in for the policy of the stage local alone',
      );
    expect(chosenStage({}, { POLICY: '' })).toEqual({ name: 'production' });
  });
});
