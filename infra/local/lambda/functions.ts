/** The functions of the template, each running its real bundle in a worker thread. */
import type { Clock } from '../clock/clock.ts';
import { credentialsFor } from '../iam/function-roles.ts';
import type { Assembly, Resource } from '../template/assembly.ts';
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import type { InvokeResult } from './invoke-result.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import type { LogSink } from './sandbox-thread.ts';

export interface Functions {
  /** Invokes by logical id. Never rejects: what goes wrong in the function is part of the result. */
  invoke(id: string, event: unknown): Promise<InvokeResult>;
  /** How many invocations have not ended. */
  running(): number;
  /** Loads every bundle, so that a broken one is known at start. @throws with the function's name. */
  load(): Promise<void>;
  stop(): Promise<void>;
}

export interface FunctionsOptions {
  readonly template: Template;
  readonly assembly: Assembly;
  readonly clock: Clock;
  /** Added to the template's environment, as the Lambda service adds its own: region, endpoints. */
  readonly serviceEnvironment: Readonly<Record<string, string>>;
  readonly log: LogSink;
}

interface FunctionProperties {
  readonly Handler: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Code: { readonly S3Key?: unknown };
}

export function createFunctions(options: FunctionsOptions): Functions {
  const { template } = options;
  const sandboxes = new Map(
    template.ofType('AWS::Lambda::Function').map(([id, resource]) => [id, sandboxOf(id, resource, options)]),
  );
  const sandbox = (id: string): Sandbox => {
    const found = sandboxes.get(id);
    if (found === undefined) throw new UnsupportedTemplateError(`${id} is not a function of the template`);
    return found;
  };
  let running = 0;
  return {
    async invoke(id, event) {
      const invoked = sandbox(id).invoke(JSON.stringify(event));
      running += 1;
      return invoked.finally(() => {
        running -= 1;
      });
    },
    running: () => running,
    load: async () => void (await Promise.all([...sandboxes.values()].map((each) => each.load()))),
    stop: async () => void (await Promise.all([...sandboxes.values()].map((each) => each.stop()))),
  };
}

function sandboxOf(id: string, { Properties, path }: Resource, options: FunctionsOptions): Sandbox {
  const { template, assembly, clock, serviceEnvironment, log } = options;
  const properties = Properties as unknown as FunctionProperties;
  const key = template.text(properties.Code.S3Key, id);
  const directory = assembly.assets.get(key);
  if (directory === undefined)
    throw new UnsupportedTemplateError(`${id}: its code ${key} is not in the assembly`);
  const names = template.names(id);
  const memoryMegabytes = properties.MemorySize ?? 128;
  const variables = template.resolve(properties.Environment?.Variables ?? {}, id) as Record<string, unknown>;
  const functionName = names['Ref'] ?? id;
  return createSandbox({
    label: path?.split('/').at(-3) ?? id, // the name of the construct around Function/Resource
    settings: {
      directory,
      handler: properties.Handler,
      clockOffset: clock.offset,
      functionName,
      functionArn: names['Arn'] ?? '',
      memoryMegabytes,
    },
    environment: {
      ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
      ...serviceEnvironment,
      ...credentialsFor(template, id),
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      LAMBDA_TASK_ROOT: directory,
    },
    timeoutMilliseconds: (properties.Timeout ?? 3) * 1000,
    log,
  });
}
