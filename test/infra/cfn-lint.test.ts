/** What cfn-lint has found before is not there again; `npm run conformance` runs cfn-lint itself. */
import { expect, it } from 'vitest';
import { resourcesOf, templateOf, voice } from './template.ts';

it('leaves tags off an association of Connect, whose API takes none', () => {
  const associations = resourcesOf(templateOf({ voice }), 'AWS::Connect::IntegrationAssociation');
  expect([...associations.values()].map((each) => Object.keys(each).sort())).toEqual([
    ['InstanceId', 'IntegrationArn', 'IntegrationType'],
  ]);
});
