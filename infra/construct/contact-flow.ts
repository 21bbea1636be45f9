/**
 * The contact flow of a call, in Amazon Connect's flow language.
 *
 * All that it says comes from the speaking function through `$.External`. So every language is in one place, and the
 * code is never in a contact attribute. Flow logging is off: a log would hold the code.
 */
import type { Language } from '../../shared/domain/text/language.ts';

/** Each language needs its voice set before the first word. */
const voices = {
  en: 'Joanna',
  de: 'Vicki',
  fr: 'Lea',
  es: 'Lucia',
  ar: 'Hala',
} as const satisfies Record<Language, string>;

const orHangUp = (NextAction: string) => ({
  NextAction,
  Errors: [{ NextAction: 'hang-up', ErrorType: 'NoMatchingError' }],
});

/** @param functionArn of the function that says what to speak. */
export function speakCode(functionArn: string) {
  return {
    Version: '2019-10-30',
    StartAction: 'no-log',
    Actions: [
      logNothing,
      askForWords(functionArn),
      chooseVoice,
      ...setVoices,
      refuseLateAnswers,
      chooseKey,
      ...waitForKeys,
      repeat,
      say('speak', { SSML: '$.External.ssml' }, 'three-times'),
      say('goodbye', { Text: '$.External.goodbye' }, 'hang-up'),
      say('apologise', { Text: apology }, 'hang-up'),
      { Identifier: 'hang-up', Type: 'DisconnectParticipant', Parameters: {}, Transitions: {} },
    ],
  };
}

/** What the flow says by itself, in the language of its first voice, when the function has no words for it. */
const apology = 'We are sorry, your code is not available. Please ask for a new one.';

const logNothing = {
  Identifier: 'no-log',
  Type: 'UpdateFlowLoggingBehavior',
  Parameters: { FlowLoggingBehavior: 'Disabled' },
  Transitions: { NextAction: 'ask' },
};

const askForWords = (functionArn: string) => ({
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
});

const chooseVoice = {
  Identifier: 'choose-voice',
  Type: 'Compare',
  Parameters: { ComparisonValue: '$.External.language' },
  Transitions: {
    NextAction: 'voice-en',
    Conditions: Object.keys(voices).map((language) => equals(language, `voice-${language}`)),
    Errors: [{ NextAction: 'voice-en', ErrorType: 'NoMatchingCondition' }],
  },
};

const setVoices = Object.entries(voices).map(([language, voice]) => ({
  Identifier: `voice-${language}`,
  Type: 'UpdateContactTextToSpeechVoice',
  Parameters: { TextToSpeechVoice: voice, TextToSpeechEngine: 'Neural', TextToSpeechStyle: 'None' },
  Transitions: orHangUp('in-time'),
}));

const refuseLateAnswers = {
  Identifier: 'in-time',
  Type: 'Compare',
  Parameters: { ComparisonValue: '$.External.outcome' },
  Transitions: {
    NextAction: 'goodbye',
    Conditions: [equals('code', 'choose-key')],
    Errors: [{ NextAction: 'goodbye', ErrorType: 'NoMatchingCondition' }],
  },
};

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Connect compares a pressed key with fixed ones alone, so each digit that a call may ask for has a branch. */
const chooseKey = {
  Identifier: 'choose-key',
  Type: 'Compare',
  Parameters: { ComparisonValue: '$.External.digit' },
  Transitions: {
    NextAction: 'hang-up',
    Conditions: digits.map((digit) => equals(digit, `greet-${digit}`)),
    Errors: [{ NextAction: 'hang-up', ErrorType: 'NoMatchingCondition' }],
  },
};

/**
 * An answering machine is not told the code. Its greeting can hold the tone of a key, which is a published way into
 * voicemail; so the call asks for one digit, drawn anew for each call, and hangs up at any other key.
 */
const waitForKeys = digits.map((digit) => ({
  Identifier: `greet-${digit}`,
  Type: 'GetParticipantInput',
  Parameters: { Text: '$.External.greeting', InputTimeLimitSeconds: '10', StoreInput: 'False' },
  Transitions: {
    NextAction: 'hang-up',
    Conditions: [equals(digit, 'three-times')],
    Errors: ['InputTimeLimitExceeded', 'NoMatchingCondition', 'NoMatchingError'].map((ErrorType) => ({
      NextAction: 'hang-up',
      ErrorType,
    })),
  },
}));

/** Connect asks for both conditions of a loop. */
const repeat = {
  Identifier: 'three-times',
  Type: 'Loop',
  Parameters: { LoopCount: '3' },
  Transitions: {
    NextAction: 'goodbye',
    Conditions: [equals('ContinueLooping', 'speak'), equals('DoneLooping', 'goodbye')],
  },
};

function say(Identifier: string, parameters: object, NextAction: string) {
  return {
    Identifier,
    Type: 'MessageParticipant',
    Parameters: parameters,
    Transitions: orHangUp(NextAction),
  };
}

function equals(value: string, NextAction: string) {
  return { NextAction, Condition: { Operator: 'Equals', Operands: [value] } };
}
