/** The state machines of the template, checked and made ready for the interpreter. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { Resource } from '../template/assembly.ts';
import { UnsupportedTemplateError } from '../template/intrinsics.ts';
import type { Template } from '../template/template.ts';
import { checkMachine, checkState, type Json, type Refuse, references } from './supported.ts';

/** A task state: which function it calls, and whether it waits for somebody to report under its token. */
export interface Task {
  /** Logical id. */
  readonly functionId: string;
  readonly waits: boolean;
  /** Absent: it waits for as long as the execution lives. */
  readonly timeoutMilliseconds?: number;
}

export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly interpreter: StateMachine;
  /** By name of the state. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly timeoutMilliseconds?: number;
}

const invoke = /^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/;
const tokenPath = '$$.Task.Token';
/** The longest that a timer of Node's takes; the interpreter's own time-outs must never come first. */
const neverSeconds = 2_147_483;

/**
 * @param validate whether the definition is held against the schema of the States Language, which takes over a second.
 * @throws {UnsupportedTemplateError} naming the state, or the field, that the local stack cannot run.
 */
export function readMachines(template: Template, validate = true): Machine[] {
  return template
    .ofType('AWS::StepFunctions::StateMachine')
    .map(([id, resource]) => readMachine(template, id, resource, validate));
}

function readMachine(template: Template, id: string, { Properties }: Resource, validate: boolean): Machine {
  const refuse: Refuse = (what) => {
    throw new UnsupportedTemplateError(`${id}: ${what}`);
  };
  if ((Properties['StateMachineType'] ?? 'STANDARD') !== 'STANDARD')
    refuse('only STANDARD workflows are run');
  if (Properties['DefinitionSubstitutions'] !== undefined) refuse('DefinitionSubstitutions are not served');
  const definition = readDefinition(template, id, Properties, refuse);
  checkMachine(definition, refuse);
  const states = Object.entries((definition['States'] ?? {}) as Readonly<Record<string, Json>>);
  const tasks = new Map<string, Task>();
  for (const [name, state] of states) {
    const refuseState: Refuse = (what) => refuse(`state ${name}: ${what}`);
    checkState(state, refuseState);
    if (state['Type'] === 'Task') tasks.set(name, readTask(state, template, id, refuseState));
  }
  const { Arn: arn = '', Name: name = id } = template.names(id);
  const seconds = definition['TimeoutSeconds'];
  return {
    arn,
    name,
    tasks,
    interpreter: build(definition, states, refuse, validate),
    ...(seconds === undefined ? {} : { timeoutMilliseconds: Number(seconds) * 1000 }),
  };
}

function readDefinition(template: Template, id: string, properties: Json, refuse: Refuse): Json {
  const { Definition: definition, DefinitionString: text } = properties;
  if (definition !== undefined) return template.resolve(definition, id) as Json;
  if (text === undefined) return refuse('only Definition and DefinitionString are read');
  try {
    return JSON.parse(template.text(text, id)) as Json;
  } catch (error) {
    if (error instanceof UnsupportedTemplateError) throw error;
    return refuse('its DefinitionString is no JSON');
  }
}

function readTask(state: Json, template: Template, owner: string, refuse: Refuse): Task {
  const { Resource: resource, Parameters: given = {}, TimeoutSeconds: seconds } = state;
  const service = invoke.exec(String(resource)) ?? refuse(`Resource ${resource} is not served`);
  const { FunctionName: functionName, ...rest } = given as Json;
  const unknown = Object.keys(rest).find((name) => name !== 'Payload' && name !== 'Payload.$');
  if (unknown !== undefined) refuse(`Parameters: ${unknown} is not served`);
  if (typeof functionName !== 'string')
    return refuse('Parameters: FunctionName must be the name of a function');
  const functionId = template.idOf(functionName, owner);
  const waits = service[1] !== undefined;
  if (waits && !references(given).includes(tokenPath)) refuse(`it waits, but hands ${tokenPath} to nobody`);
  return {
    functionId,
    waits,
    ...(seconds === undefined ? {} : { timeoutMilliseconds: Number(seconds) * 1000 }),
  };
}

/** Time-outs are left out, because they follow the movable clock here. */
function build(
  definition: Json,
  states: readonly [string, Json][],
  refuse: Refuse,
  validate: boolean,
): StateMachine {
  const { TimeoutSeconds: _, ...machine } = definition;
  const timeless = states.map(([name, state]) => [
    name,
    state['Type'] === 'Task' ? { ...state, TimeoutSeconds: neverSeconds } : state,
  ]);
  try {
    const whole = { ...machine, States: Object.fromEntries(timeless) } as StateMachineDefinition;
    return new StateMachine(whole, { validationOptions: { noValidate: !validate } });
  } catch (error) {
    return refuse((error as Error).message);
  }
}
