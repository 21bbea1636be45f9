/** Starts the whole local stack as `npm start` does, in another process, and talks to it. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxEntry } from '../infra/local/aws/outbox.ts';
import type { FaultOrder } from '../infra/local/console/local-input.ts';
import { type DevelopmentClient, developmentSecret } from '../infra/local/token-issuer/issuer.ts';
import { clientCredentials, type TokenSource } from '../shared/client/access-token.ts';
import { type HttpAnswer, send } from './support/http.ts';
import { isLowCostRun } from './support/low-cost-bundles.ts';
import { plantAnswer, plantMessages, plantRequest } from './support/planted.ts';
import { type Host, host, startHost } from './support/stack-host.ts';
import { assembly, runDirectory } from './synthesized.ts';

export interface StackOptions {
  /** Policy that replaces the stage's, as its JSON file would hold it. */
  readonly policy?: object;
  /** Fields that replace the local stage's, as its JSON file would hold them. */
  readonly stage?: object;
  /** Where state survives a restart. */
  readonly dataDir?: string;
  /** An assembly in place of the one that policy and stage make. */
  readonly synthesized?: string;
  /** Loads every function at once, where what a warm one asks AWS for is counted. */
  readonly loadsAll?: boolean;
}

export interface RequestOptions {
  readonly token?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the API says; tests state what they expect
export type Json = any;

export type StackAnswer = HttpAnswer;

export interface Stack {
  readonly origin: string;
  /** File with everything that the process printed. */
  readonly output: string;
  /** An access token of a development client, fetched once. */
  token(client: DevelopmentClient): Promise<string>;
  request(method: string, path: string, options?: RequestOptions): Promise<StackAnswer>;
  /** What was sent to an address, or to anybody, newest first. */
  outbox(to?: string): Promise<OutboxEntry[]>;
  clearOutbox(): Promise<void>;
  /** The newest entry to an address once there are `count` of them. @throws after half a minute */
  received(to: string, count?: number): Promise<OutboxEntry>;
  advance(seconds: number): Promise<void>;
  fault(
    service: FaultOrder['service'],
    fault: FaultOrder['fault'],
    count: number,
    aim?: Pick<FaultOrder, 'operation' | 'after' | 'milliseconds' | 'verified'>,
  ): Promise<void>;
  /** From now on the carrier refuses the destination for good. */
  refuse(service: 'sns' | 'ses' | 'connect', to: string): Promise<void>;
  /** Ends all faults and refusals. */
  clearFaults(): Promise<void>;
  /** Requests that the AWS services got since `forgetRequests`, by service and operation. */
  requests(): Promise<Record<string, Record<string, number>>>;
  forgetRequests(): Promise<void>;
  /** Epoch milliseconds of its clock, which others may have moved. */
  now(): Promise<number>;
  /** Resolves when no function is at work and no AWS service is asked for anything any more, however long that takes. */
  quiet(): Promise<void>;
  /** Ends it; what it is to keep is on disk then. */
  stop(): Promise<unknown>;
}

/** A stack alone in its process. */
export interface LoneStack extends Stack {
  /** Ends it with its process. @returns the exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a power cut would: what is not written by then never is. */
  kill(): Promise<void>;
}

/** Synthesizes once per test run and policy. The stack shares a process with other stacks of this worker. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  return (await startHosted(options, false)).stack;
}

/** The same with a second door, through which measurements see what lies inside. */
export async function startStackWithInside(options: StackOptions): Promise<{ stack: Stack; inside: string }> {
  const { stack, inside } = await startHosted(options, true);
  if (inside === undefined) throw new Error('the stack has no second door');
  return { stack, inside };
}

/** For what ends a process and begins again with what it left behind. */
export async function startLoneStack(options: Pick<StackOptions, 'dataDir'>): Promise<LoneStack> {
  const own = await startHost();
  const { stack } = await startHosted(options, false, own);
  return {
    ...stack,
    async stop() {
      await stack.stop();
      return own.end('by itself');
    },
    async kill() {
      await own.end('at once');
    },
  };
}

async function startHosted(options: StackOptions, hasInside: boolean, by?: Host) {
  const { policy, stage, dataDir, synthesized, loadsAll = false } = options;
  const loadsOnDemand = isLowCostRun() && !loadsAll;
  const directory = synthesized ?? (await assembly(policy, stage));
  const order = { synthesized: directory, dataDir, output: newOutput(), hasInside, loadsOnDemand };
  const { origin, inside, output, stop } = await (by ?? (await host())).start(order);
  const client = connect(origin);
  const stack: Stack = {
    ...client,
    output,
    async stop() {
      plantMessages(await client.outbox());
      await stop();
    },
  };
  return { stack, inside };
}

const newOutput = () => join(mkdtempSync(join(runDirectory(), 'stack-')), 'output.log');

/** Every window and wait of the ordinary policy is over after it. */
const untilForgottenSeconds = 2 * 86_400;

/**
 * A stack that test files use one after the other, because a start takes four seconds of the processor; of the ordinary
 * policy and stage unless others are named. `stop` gives it back, with nothing under way, no fault and an empty outbox,
 * two days later. People, and what it printed, stay: a file that counts what is there, or that restarts, starts its own.
 */
export async function borrowStack(variant: Pick<StackOptions, 'policy' | 'stage'> = {}): Promise<Stack> {
  const loadsAll = Object.keys(variant).length === 0; // fewer files use another one
  return (await borrowHosted({ ...variant, loadsAll }, false, async () => {})).stack;
}

/**
 * A stack of another policy or stage with its second door, in the same way.
 *
 * @param empty removes what is in it before somebody else gets it
 */
export async function borrowStackWithInside(
  options: Pick<StackOptions, 'policy' | 'stage'>,
  empty: (inside: string) => Promise<void>,
): Promise<{ stack: Stack; inside: string }> {
  const { stack, inside = '' } = await borrowHosted(options, true, () => empty(inside));
  return { stack, inside };
}

async function borrowHosted(
  { policy, stage, loadsAll = false }: Pick<StackOptions, 'policy' | 'stage' | 'loadsAll'>,
  hasInside: boolean,
  empty: () => Promise<void>,
) {
  const order = {
    synthesized: await assembly(policy, stage),
    output: newOutput(),
    hasInside,
    loadsOnDemand: isLowCostRun() && !loadsAll,
  };
  const { origin, inside, output, giveBack } = await (await host()).borrow(order);
  const client = connect(origin);
  let isBack = false;
  const stack: Stack = {
    ...client,
    output,
    async stop() {
      if (isBack) return; // somebody else may have it by now
      isBack = true;
      await client.clearFaults();
      await client.quiet();
      await client.advance(untilForgottenSeconds);
      await client.quiet();
      await client.clearOutbox();
      await client.forgetRequests();
      await empty();
      await giveBack();
    },
  };
  return { stack, inside };
}

/** The helpers alone, for a stack that runs already. */
export function connect(origin: string): Omit<Stack, 'output' | 'stop' | 'kill'> {
  const tokens = new Map<DevelopmentClient, TokenSource>();

  const request: Stack['request'] = async (method, path, { token, body, headers } = {}) => {
    const answer = await send(
      origin + path,
      method,
      {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    );
    if (path.startsWith('/v1/')) {
      plantRequest(body);
      plantAnswer(answer.status < 300 ? answer.body : undefined);
    }
    return answer;
  };

  const ask = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await request(method, path, body === undefined ? {} : { body });
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  };

  const outbox: Stack['outbox'] = (to) =>
    ask('GET', to === undefined ? '/local/outbox' : `/local/outbox?to=${encodeURIComponent(to)}`);

  return {
    origin,
    request,
    outbox,
    async token(clientId) {
      const credentials = { tokenUrl: `${origin}/oauth2/token`, clientId, clientSecret: developmentSecret };
      const known = tokens.get(clientId) ?? clientCredentials(credentials, fetch);
      tokens.set(clientId, known);
      return known(false);
    },
    async clearOutbox() {
      plantMessages(await outbox());
      await ask('DELETE', '/local/outbox');
    },
    async received(to, count = 1) {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const entries = await outbox(to);
        const [newest] = entries;
        if (newest !== undefined && entries.length >= count) return newest;
        if (Date.now() > deadline) throw new Error(`expected ${count} messages, found ${entries.length}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    advance: (advanceSeconds) => ask('POST', '/local/clock', { advanceSeconds }),
    refuse: (service, to) => ask('POST', '/local/refusals', { service, to }),
    clearFaults: () => ask('DELETE', '/local/faults'),
    requests: () => ask('GET', '/local/requests'),
    now: async () => Date.parse((await ask('GET', '/local/clock')).now),
    async quiet() {
      while (!(await ask('GET', '/local/rest')).isAtRest);
    },
    forgetRequests: () => ask('DELETE', '/local/requests'),
    fault: (service, fault, count, aim) => ask('POST', '/local/faults', { service, fault, count, ...aim }),
  };
}
