/** Plays the synthesized contact flow for a call: what the callee hears when they pick up and press a key. */
import { randomUUID } from 'node:crypto';
import type { Functions } from '../lambda/functions.ts';
import type { Template } from '../template/template.ts';
import { type Action, type Flow, follow, parseFlow } from './flow.ts';
import { heard } from './ssml.ts';

export interface Call {
  /** Identifier of the contact flow: the last part of its ARN, or the whole. */
  readonly contactFlowId: string;
  /** The callee's number in E.164. */
  readonly destination: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What is pressed in answer to a question; where nothing is named, the key that it asks for. */
  readonly key?: string;
}

/** Plays a call and returns its spoken text, one line per message. @throws for a flow that is not in the template. */
export type PlayCall = (call: Call) => Promise<string>;

/** Ends a flow that would go in circles. */
const mostActions = 200;

/** @throws {UnsupportedTemplateError} at once when a flow of the template cannot be played. */
export function createCalls(template: Template, functions: Functions): PlayCall {
  const flows = new Map(
    template.ofType('AWS::Connect::ContactFlow').map(([id, { Properties }]) => {
      const arn = template.names(id)['Ref'] ?? '';
      return [
        arn.slice(arn.lastIndexOf('/') + 1),
        parseFlow(template.text(Properties['Content'], id), id),
      ] as const;
    }),
  );
  const functionId = (arn: unknown) => template.idOf(String(arn), 'contact flow');
  return async (call) => {
    const flow = flows.get(call.contactFlowId.slice(call.contactFlowId.lastIndexOf('/') + 1));
    if (flow === undefined) throw new Error('no such contact flow');
    return play(flow, call, (arn, event) => functions.invoke(functionId(arn), event));
  };
}

type Invoke = (arn: unknown, event: object) => ReturnType<Functions['invoke']>;

/** The state of a call. */
interface Contact {
  readonly id: string;
  readonly call: Call;
  readonly invoke: Invoke;
  readonly spoken: string[];
  /** How often each loop went round, by its action. */
  readonly rounds: Map<string, number>;
  /** What the last function answered. */
  external: Readonly<Record<string, string>>;
}

async function play(flow: Flow, call: Call, invoke: Invoke): Promise<string> {
  const contact: Contact = { id: randomUUID(), call, invoke, spoken: [], rounds: new Map(), external: {} };
  let next: string | undefined = flow.start;
  for (let count = 0; next !== undefined && count < mostActions; count++) {
    const action = flow.actions.get(next);
    next = action === undefined ? undefined : await perform(contact, action);
  }
  return contact.spoken.join('\n');
}

/** @returns the next action; undefined when the call has ended. */
async function perform(contact: Contact, action: Action): Promise<string | undefined> {
  switch (action.Type) {
    case 'InvokeLambdaFunction':
      return callFunction(contact, action);
    case 'MessageParticipant':
      say(contact, action);
      return action.Transitions.NextAction;
    case 'GetParticipantInput':
      say(contact, action);
      return follow(action, pressed(contact, action), 'NoMatchingCondition');
    case 'Compare':
      return follow(action, fill(contact, action.Parameters['ComparisonValue']), 'NoMatchingCondition');
    case 'Loop':
      return follow(action, goesRound(contact, action) ? 'ContinueLooping' : 'DoneLooping');
    case 'DisconnectParticipant':
    case 'EndFlowExecution':
      return undefined;
    case 'UpdateFlowLoggingBehavior':
    case 'UpdateContactTextToSpeechVoice':
    case 'UpdateContactData':
    case 'Wait':
      return action.Transitions.NextAction;
  }
}

/** Replaces `$.Attributes.name` and `$.External.name`, alone or inside a text. */
function fill({ call, external }: Contact, value: unknown): string {
  return String(value ?? '').replace(
    /\$\.(Attributes|External)\.(\w+)/g,
    (_, source: string, name: string) => {
      const values = source === 'External' ? external : call.attributes;
      return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    },
  );
}

function say(contact: Contact, { Parameters: { Text, SSML } }: Action): void {
  const text = heard(fill(contact, SSML ?? Text));
  if (text !== '') contact.spoken.push(text);
}

function pressed({ call }: Contact, { Transitions }: Action): string | undefined {
  return call.key ?? Transitions.Conditions?.[0]?.Condition.Operands[0];
}

function goesRound(contact: Contact, { Identifier, Parameters }: Action): boolean {
  const round = (contact.rounds.get(Identifier) ?? 0) + 1;
  const goesOn = round <= Number(fill(contact, Parameters['LoopCount']));
  contact.rounds.set(Identifier, goesOn ? round : 0);
  return goesOn;
}

async function callFunction(contact: Contact, action: Action): Promise<string | undefined> {
  const { LambdaFunctionARN, LambdaInvocationAttributes = {} } = action.Parameters;
  const parameters = Object.entries(LambdaInvocationAttributes as object).map(([name, value]) => [
    name,
    fill(contact, value),
  ]);
  const { payload, failure } = await contact.invoke(LambdaFunctionARN, {
    Name: 'ContactFlowEvent',
    Details: { ContactData: contactData(contact), Parameters: Object.fromEntries(parameters) },
  });
  const result: unknown = failure === undefined ? JSON.parse(payload) : undefined;
  if (!isStringMap(result)) return follow(action, undefined, 'NoMatchingError');
  contact.external = result;
  return action.Transitions.NextAction;
}

function contactData({ id, call }: Contact): object {
  return {
    Attributes: call.attributes,
    Channel: 'VOICE',
    ContactId: id,
    InitialContactId: id,
    PreviousContactId: id,
    InitiationMethod: 'API',
    CustomerEndpoint: { Address: call.destination, Type: 'TELEPHONE_NUMBER' },
  };
}

/** Accepts an answer as `ResponseValidation: STRING_MAP` does. */
function isStringMap(value: unknown): value is Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === 'string');
}
