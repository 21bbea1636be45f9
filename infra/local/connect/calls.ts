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

async function play(flow: Flow, call: Call, invoke: Invoke): Promise<string> {
  const contactId = randomUUID();
  const spoken: string[] = [];
  const rounds = new Map<string, number>();
  let external: Record<string, string> = {};

  /** Replaces `$.Attributes.name` and `$.External.name`, alone or inside a text. */
  const fill = (value: unknown): string =>
    String(value ?? '').replace(/\$\.(Attributes|External)\.(\w+)/g, (_, source: string, name: string) => {
      const values = source === 'External' ? external : call.attributes;
      return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    });

  const say = ({ Parameters: { Text, SSML } }: Action): void => {
    const text = heard(fill(SSML ?? Text));
    if (text !== '') spoken.push(text);
  };

  const callFunction = async (action: Action): Promise<string | undefined> => {
    const { LambdaFunctionARN, LambdaInvocationAttributes = {} } = action.Parameters;
    const parameters = Object.entries(LambdaInvocationAttributes as object).map(([name, value]) => [
      name,
      fill(value),
    ]);
    const { payload, failure } = await invoke(LambdaFunctionARN, {
      Name: 'ContactFlowEvent',
      Details: {
        ContactData: {
          Attributes: call.attributes,
          Channel: 'VOICE',
          ContactId: contactId,
          InitialContactId: contactId,
          PreviousContactId: contactId,
          InitiationMethod: 'API',
          CustomerEndpoint: { Address: call.destination, Type: 'TELEPHONE_NUMBER' },
        },
        Parameters: Object.fromEntries(parameters),
      },
    });
    const result: unknown = failure === undefined ? JSON.parse(payload) : undefined;
    if (!isStringMap(result)) return follow(action, undefined, 'NoMatchingError');
    external = result;
    return action.Transitions.NextAction;
  };

  const perform = async (action: Action): Promise<string | undefined> => {
    switch (action.Type) {
      case 'InvokeLambdaFunction':
        return callFunction(action);
      case 'MessageParticipant':
        say(action);
        return action.Transitions.NextAction;
      case 'GetParticipantInput':
        say(action);
        return follow(action, action.Transitions.Conditions?.[0]?.Condition.Operands[0]); // the callee presses that key
      case 'Compare':
        return follow(action, fill(action.Parameters['ComparisonValue']), 'NoMatchingCondition');
      case 'Loop': {
        const round = (rounds.get(action.Identifier) ?? 0) + 1;
        const goesOn = round <= Number(fill(action.Parameters['LoopCount']));
        rounds.set(action.Identifier, goesOn ? round : 0);
        return follow(action, goesOn ? 'ContinueLooping' : 'DoneLooping');
      }
      case 'DisconnectParticipant':
      case 'EndFlowExecution':
        return undefined;
      case 'UpdateFlowLoggingBehavior':
      case 'UpdateContactTextToSpeechVoice':
      case 'UpdateContactData':
      case 'Wait':
        return action.Transitions.NextAction;
    }
  };

  let next: string | undefined = flow.start;
  for (let count = 0; next !== undefined && count < mostActions; count++) {
    const action = flow.actions.get(next);
    next = action === undefined ? undefined : await perform(action);
  }
  return spoken.join('\n');
}

/** What `ResponseValidation: STRING_MAP` lets pass. */
function isStringMap(value: unknown): value is Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === 'string');
}
