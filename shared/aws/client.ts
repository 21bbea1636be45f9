/** Makes every AWS client: a trimmed one, or with `AWS_CLIENT=stock` the SDK's own. The one door to `trimmed`. */
import type { InitializeMiddleware, MiddlewareStack } from '@smithy/types';
import { awsClientInForce } from '../environment/configuration.ts';
import { cameFrom } from '../log/fault.ts';
import { stockConfiguration } from './stock.ts';
import { type AwsService, timeBudgets } from './time-budgets.ts';
import { trimmed } from './trimmed/client.ts';
import { trimmedConfiguration } from './trimmed/configuration.ts';

type Configuration = ReturnType<typeof stockConfiguration> | ReturnType<typeof trimmedConfiguration>;

/** @param SdkClient the SDK's class of the service */
export function awsClient<Client extends Parameters<typeof trimmed>[0]>(
  SdkClient: new (configuration: Configuration) => Client,
  service: AwsService,
  region = process.env['AWS_REGION'] ?? 'us-east-1',
): Client {
  const budget = timeBudgets[service];
  const client =
    awsClientInForce() === 'stock'
      ? new SdkClient(stockConfiguration(region, budget))
      : trimmed(new SdkClient(trimmedConfiguration(service, region, budget)));
  const stack = client.middlewareStack as MiddlewareStack<object, object>;
  stack.add(nameService(client.config.serviceId), { step: 'initialize', name: 'nameService' });
  return client;
}

/** Lets the log say of every error that leaves a client which service it came from. */
function nameService(service: string): InitializeMiddleware<object, object> {
  return (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      cameFrom(service, error);
      throw error;
    }
  };
}
