/** Parses a contact flow in Amazon Connect's flow language and refuses actions that the local stack cannot play. */
import { UnsupportedTemplateError } from '../template/intrinsics.ts';

export interface Action {
  readonly Identifier: string;
  readonly Type: ActionType;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Transitions: {
    readonly NextAction?: string;
    readonly Conditions?: readonly {
      readonly NextAction: string;
      readonly Condition: { readonly Operator: string; readonly Operands: readonly string[] };
    }[];
    readonly Errors?: readonly { readonly NextAction: string; readonly ErrorType: string }[];
  };
}

export interface Flow {
  readonly start: string;
  readonly actions: ReadonlyMap<string, Action>;
}

/** Actions that say nothing and always go on are in the second line. */
const actionTypes = [
  ...(['InvokeLambdaFunction', 'Loop', 'MessageParticipant', 'GetParticipantInput', 'Compare'] as const),
  ...(['UpdateFlowLoggingBehavior', 'UpdateContactTextToSpeechVoice', 'UpdateContactData', 'Wait'] as const),
  ...(['DisconnectParticipant', 'EndFlowExecution'] as const),
];
export type ActionType = (typeof actionTypes)[number];

/** @param owner logical id that errors name.
 * @throws {UnsupportedTemplateError} for unknown actions and for transitions that lead nowhere. */
export function parseFlow(content: string, owner: string): Flow {
  const { StartAction, Actions } = JSON.parse(content) as { StartAction: string; Actions: Action[] };
  const actions = new Map(Actions.map((action) => [action.Identifier, action]));
  const check = (from: string, target: string | undefined): void => {
    if (target === undefined || actions.has(target)) return;
    throw new UnsupportedTemplateError(
      `${owner}: the flow goes from ${from} to ${target}, which does not exist`,
    );
  };
  check('its start', StartAction);
  for (const { Identifier, Type, Transitions = {} } of Actions) {
    if (!actionTypes.includes(Type)) {
      throw new UnsupportedTemplateError(
        `${owner}: the local stack does not play the flow action ${Type} (${Identifier})`,
      );
    }
    check(Identifier, Transitions.NextAction);
    for (const { NextAction } of [...(Transitions.Conditions ?? []), ...(Transitions.Errors ?? [])]) {
      check(Identifier, NextAction);
    }
  }
  return { start: StartAction, actions };
}

/** Next action for an outcome: a condition's operand where one is equal, else `fallback` among the errors, else the next. */
export function follow(
  { Transitions }: Action,
  operand: string | undefined,
  fallback?: string,
): string | undefined {
  const condition = Transitions.Conditions?.find(({ Condition }) => Condition.Operands[0] === operand);
  if (condition !== undefined) return condition.NextAction;
  const errors = Transitions.Errors ?? [];
  const error = fallback && (errors.find(({ ErrorType }) => ErrorType === fallback) ?? errors[0]);
  return error ? error.NextAction : Transitions.NextAction;
}
