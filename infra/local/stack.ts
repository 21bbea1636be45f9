/** Composes the local stack: the synthesized app's resources, each served by its part of this folder. */
import { join } from 'node:path';
import type { AwsEmulator } from './aws/index.ts';
import { type Clock, createClock } from './clock/clock.ts';
import { createCalls, type PlayCall } from './connect/calls.ts';
import { createLocalRoutes } from './console/local-routes.ts';
import { awsFolder, prepareDataDirectory } from './data-directory.ts';
import { type Answered, answersIn, enrolDemoUser } from './demo-user.ts';
import { readAuthorizers } from './gateway/authorizer.ts';
import { createGateway } from './gateway/gateway.ts';
import { openServer } from './gateway/server.ts';
import { createAuthorizer } from './iam/authorizer.ts';
import { checkEventSources } from './iam/event-source-rights.ts';
import { createInvocations, type Invocations } from './iam/invocations.ts';
import { startEventSources } from './lambda/event-sources.ts';
import { createFunctions, type Functions } from './lambda/functions.ts';
import { createLogSubscriptions, type LogSubscriptions } from './lambda/log-subscriptions.ts';
import type { LogSink } from './lambda/sandbox-thread.ts';
import { createSignInRoutes, tenantIn } from './sign-in/sign-in-routes.ts';
import { serviceEnvironment, startAwsServices } from './start-aws.ts';
import { createStates, type States } from './step-functions/index.ts';
import { type Assembly, readAssembly } from './template/assembly.ts';
import { UnsupportedTemplateError } from './template/intrinsics.ts';
import { synthesize } from './template/synthesize.ts';
import { createTemplate, type Template } from './template/template.ts';
import { createTokenIssuer } from './token-issuer/issuer.ts';

export interface LocalStackOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** JSON file of a policy that replaces the stage's. */
  readonly policy?: string | undefined;
  /** Folder of an assembly made before. */
  readonly synthesized?: string | undefined;
  /** Where state survives a restart; absent: in memory. */
  readonly directory?: string | undefined;
  /** Receives a line for each step of the start. */
  readonly progress: (line: string) => void;
  readonly log: LogSink;
  /** Breaks a synthesis off. */
  readonly signal?: AbortSignal;
  /** Functions are loaded when they are first asked for: a sooner start, and a broken bundle is known later. */
  readonly loadsOnDemand?: boolean;
}

/** What is inside, for measurements and tests that look behind the API. */
export interface LocalParts {
  readonly aws: AwsEmulator;
  readonly functions: Functions;
  readonly clock: Clock;
  readonly template: Template;
}

export interface LocalStack {
  readonly origin: string;
  /** What the demonstration user answers to security questions. */
  readonly answers: readonly Answered[];
  readonly parts: LocalParts;
  /** Ends threads, timers and ports, and writes what is to survive. */
  stop(): Promise<void>;
}

/** What was started, ended in reverse order. */
type Ending = () => void | Promise<void> | undefined;
type AtEnd = (end: Ending) => void;

/** @throws what its parts throw at start, after ending the parts that had started. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const endings: Ending[] = [];
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    return { ...(await startParts(options, (end) => endings.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(options: LocalStackOptions, atEnd: AtEnd): Promise<Omit<LocalStack, 'stop'>> {
  const { progress, directory } = options;
  const server = await openServer(options.port); // first, so that a taken port is known at once
  atEnd(server.stop);
  const { origin } = server;
  if (directory !== undefined) await prepareDataDirectory(directory); // and so is a folder that cannot be used

  const assembly = await synthesizeAssembly(options, atEnd);
  progress('starting table, queues, keys and functions');
  const { states, invocations, ...parts } = await startServices(options, assembly, origin, atEnd);
  const { template, functions, aws, clock } = parts;
  const [issuer] = await Promise.all([
    startIssuer(template, inside(directory, 'token-key.json')),
    options.loadsOnDemand === true ? undefined : functions.load(),
  ]);
  states.resume();
  server.serve([
    createSignInRoutes(origin, template, clock),
    createLocalRoutes({ clock, aws, states, functions }),
    issuer,
    { owns: () => true, handle: createGateway(template, invocations.asApiGateway(functions)) },
  ]);
  const events = startEventSources(template, functions, aws.queues);
  atEnd(events.stop);
  const answers = answersIn(template);
  await enrolDemoUser(origin, answers, tenantIn(template));
  return { origin, answers, parts };
}

const inside = (directory: string | undefined, name: string) =>
  directory === undefined ? undefined : join(directory, name);

async function synthesizeAssembly(options: LocalStackOptions, atEnd: AtEnd): Promise<Assembly> {
  if (options.synthesized === undefined) options.progress('synthesizing the stack (stage local)');
  const synthesized = await synthesize({
    policy: options.policy,
    given: options.synthesized,
    signal: options.signal,
  });
  atEnd(synthesized.remove);
  return readAssembly(synthesized.directory);
}

/** Functions, AWS services and workflows call one another, so the first ones get hold of later ones by need. */
async function startServices(
  { directory, progress, log, synthesized }: LocalStackOptions,
  assembly: Assembly,
  origin: string,
  atEnd: AtEnd,
): Promise<LocalParts & { readonly states: States; readonly invocations: Invocations }> {
  const clock = createClock(inside(directory, 'clock.json'));
  let aws: AwsEmulator | undefined;
  let functions: Functions | undefined;
  let subscriptions: LogSubscriptions | undefined;
  let playCall: PlayCall = () => Promise.reject(new Error('still starting'));
  const template = createTemplate(assembly, { origin, queueOrigin: () => aws?.endpoint('sqs') ?? '' });
  const authorizer = createAuthorizer(template, (line) => log('iam', line));
  checkEventSources(template, authorizer);
  const invocations = createInvocations(template, authorizer);
  const states = createStates({
    template,
    clock,
    directory: inside(directory, awsFolder),
    validate: synthesized === undefined, // an assembly that was made before has been started before
    invoke: invocations.asStateMachine(
      (id, event) => functions?.invoke(id, event) ?? Promise.reject(new Error('still starting')),
    ),
  });
  atEnd(() => functions?.stop()); // after the emulator, which lets calls end that are being played
  aws = await startAwsServices({
    template,
    clock,
    directory: inside(directory, awsFolder),
    playCall: (call) => playCall(call),
    operations: { states: states.operations },
    authorize: authorizer.authorize,
    onCallError: () => progress('a call could not be played'),
    onSmsDropped: (line) => subscriptions?.write('DirectPublishToPhoneNumber/Failure', line),
  });
  atEnd(aws.close);
  atEnd(states.close);
  functions = createFunctions({
    template,
    assembly,
    clock,
    serviceEnvironment: serviceEnvironment(template, aws),
    log,
  });
  subscriptions = createLogSubscriptions(template, invocations.asLogs(functions));
  playCall = createCalls(template, invocations.asConnect(functions));
  return { template, clock, aws, functions, states, invocations };
}

/** Issues what the template's authorizer expects. */
function startIssuer(template: Template, keyFile: string | undefined): ReturnType<typeof createTokenIssuer> {
  const [authorizer, ...others] = readAuthorizers(template).values();
  const audience = authorizer?.audience[0];
  if (authorizer === undefined || audience === undefined || others.length > 0) {
    throw new UnsupportedTemplateError('the local stack serves exactly one JWT authorizer with an audience');
  }
  return createTokenIssuer({ issuer: authorizer.issuer, audience, keyFile });
}
