/** The page of cost as the code, the template and the prices of now make it. */
import { loadStage } from '../../infra/configuration/stage.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { resourcesOf, templateOf, voice } from '../infra/template.ts';
import { flows } from './flows.ts';
import { costPage } from './page.ts';
import { limitsOf } from './quotas.ts';

export async function currentPage(): Promise<string> {
  const template = templateOf({ voice });
  const count = (type: string) => resourcesOf(template, type).size;
  const standing = {
    keys: count('AWS::KMS::Key'),
    alarms: count('AWS::CloudWatch::Alarm'),
    cognitoClients: count('AWS::Cognito::UserPoolClient'),
    queuesPolled: count('AWS::Lambda::EventSourceMapping'),
  };
  const counted = await flows();
  return costPage(counted, standing, limitsOf(defaultPolicy, counted, loadStage('production')));
}
