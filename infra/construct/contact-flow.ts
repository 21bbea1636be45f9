/**
 * The contact flow of a call, in Amazon Connect's flow language.
 *
 * All that it says comes from the speaking function through `$.External`, so that every language is in one
 * place and the code is never in a contact attribute. Flow logging is off: a log would hold the code.
 */

/** Languages in which the flow can speak; each needs a voice set before the first word. */
const voices = { en: 'Joanna', de: 'Vicki', fr: 'Lea', es: 'Lucia', ar: 'Hala' } as const;

const end = { NextAction: 'hang-up', Errors: [{ NextAction: 'hang-up', ErrorType: 'NoMatchingError' }] };

export function speakCode(functionArn: string) {
  const said = (Identifier: string, parameters: object, NextAction: string) => ({
    Identifier,
    Type: 'MessageParticipant',
    Parameters: parameters,
    Transitions: { ...end, NextAction },
  });
  const chooseVoice = Object.entries(voices).map(([language, voice]) => ({
    Identifier: `voice-${language}`,
    Type: 'UpdateContactTextToSpeechVoice',
    Parameters: { TextToSpeechVoice: voice, TextToSpeechEngine: 'Neural', TextToSpeechStyle: 'None' },
    Transitions: { ...end, NextAction: 'in-time' },
  }));
  return {
    Version: '2019-10-30',
    StartAction: 'no-log',
    Actions: [
      {
        Identifier: 'no-log',
        Type: 'UpdateFlowLoggingBehavior',
        Parameters: { FlowLoggingBehavior: 'Disabled' },
        Transitions: { NextAction: 'ask' },
      },
      {
        Identifier: 'ask',
        Type: 'InvokeLambdaFunction',
        Parameters: {
          LambdaFunctionARN: functionArn,
          InvocationTimeLimitSeconds: '8',
          LambdaInvocationAttributes: { deliveryId: '$.Attributes.deliveryId' },
          ResponseValidation: { ResponseType: 'STRING_MAP' },
        },
        Transitions: {
          NextAction: 'choose-voice',
          Errors: [{ NextAction: 'apologise', ErrorType: 'NoMatchingError' }],
        },
      },
      {
        Identifier: 'choose-voice',
        Type: 'Compare',
        Parameters: { ComparisonValue: '$.External.language' },
        Transitions: {
          NextAction: 'voice-en',
          Conditions: Object.keys(voices).map((language) => ({
            NextAction: `voice-${language}`,
            Condition: { Operator: 'Equals', Operands: [language] },
          })),
          Errors: [{ NextAction: 'voice-en', ErrorType: 'NoMatchingCondition' }],
        },
      },
      ...chooseVoice,
      {
        Identifier: 'in-time',
        Type: 'Compare',
        Parameters: { ComparisonValue: '$.External.outcome' },
        Transitions: {
          NextAction: 'goodbye',
          Conditions: [{ NextAction: 'greet', Condition: { Operator: 'Equals', Operands: ['code'] } }],
          Errors: [{ NextAction: 'goodbye', ErrorType: 'NoMatchingCondition' }],
        },
      },
      {
        // An answering machine presses no key, so it is never told the code.
        Identifier: 'greet',
        Type: 'GetParticipantInput',
        Parameters: { Text: '$.External.greeting', InputTimeLimitSeconds: '10', StoreInput: 'False' },
        Transitions: {
          NextAction: 'hang-up',
          Conditions: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'].map((key) => ({
            NextAction: 'three-times',
            Condition: { Operator: 'Equals', Operands: [key] },
          })),
          Errors: ['InputTimeLimitExceeded', 'NoMatchingCondition', 'NoMatchingError'].map((ErrorType) => ({
            NextAction: 'hang-up',
            ErrorType,
          })),
        },
      },
      {
        Identifier: 'three-times',
        Type: 'Loop',
        Parameters: { LoopCount: '3' },
        Transitions: {
          NextAction: 'goodbye',
          Conditions: [
            { NextAction: 'speak', Condition: { Operator: 'Equals', Operands: ['ContinueLooping'] } },
            { NextAction: 'goodbye', Condition: { Operator: 'Equals', Operands: ['DoneLooping'] } },
          ],
        },
      },
      said('speak', { SSML: '$.External.ssml' }, 'three-times'),
      said('goodbye', { Text: '$.External.goodbye' }, 'hang-up'),
      said(
        'apologise',
        { Text: 'We are sorry, your code is not available. Please ask for a new one.' },
        'hang-up',
      ),
      { Identifier: 'hang-up', Type: 'DisconnectParticipant', Parameters: {}, Transitions: {} },
    ],
  };
}
