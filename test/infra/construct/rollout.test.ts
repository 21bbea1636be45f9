/** Gradual deployments: what calls the functions by an alias, and which alarms take a version back. */
import { expect, it } from 'vitest';
import { functionName, resourcesOf, target, templateOf, windows } from '../template.ts';

const template = templateOf({ windows, rollout: 'canary' });
const aliases = resourcesOf(template, 'AWS::Lambda::Alias');

it('every route calls its function by the alias, and may', () => {
  const called = [...resourcesOf(template, 'AWS::ApiGatewayV2::Integration').values()].map(
    ({ IntegrationUri }) => target(IntegrationUri),
  );
  expect([...aliases.keys()].sort()).toEqual([...new Set(called)].sort());
  const permitted = [...resourcesOf(template, 'AWS::Lambda::Permission').values()]
    .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')
    .map(({ FunctionName }) => target(FunctionName));
  expect(new Set(permitted)).toEqual(new Set(aliases.keys()));
  for (const { Name, FunctionName } of aliases.values()) {
    expect(Name).toBe('live');
    expect(resourcesOf(template, 'AWS::Lambda::Function').has(target(FunctionName))).toBe(true);
  }
});

it('a new version gets a tenth first, and its errors and the API’s 5xx take it back', () => {
  const groups = resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup');
  expect(groups.size).toBe(aliases.size);
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
  for (const group of groups.values()) {
    expect(group).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']),
      },
    });
    const metrics = group['AlarmConfiguration'].Alarms.map(
      ({ Name }: never) => alarms.get(target(Name))?.['MetricName'],
    );
    expect(metrics).toEqual(['Errors', '5xx']);
  }
});

it('is not there unless the stage asks for it', () => {
  const plain = templateOf();
  expect(resourcesOf(plain, 'AWS::Lambda::Alias').size).toBe(0);
  const called = [...resourcesOf(plain, 'AWS::ApiGatewayV2::Integration').values()];
  expect(called.map(({ IntegrationUri }) => functionName(target(IntegrationUri)))).toContain('issue-otp');
});
