/**
 * Every function that reads what came from outside, with what it may answer and how it may refuse.
 *
 * A parser takes anything of its type. What it takes it gives in one form, which it takes again.
 */

import { CommanderError } from 'commander';
import fc from 'fast-check';
import { isLoopback } from '../../functions/oidc/redirect-uris.ts';
import { setValue } from '../../infra/cli/json-edit.ts';
import { policyCommand } from '../../infra/cli/policy/command.ts';
import { canonical, settings } from '../../infra/cli/policy/settings.ts';
import type { Wish } from '../../infra/cli/policy/wish.ts';
import { throwing } from '../../infra/cli/run.ts';
import { UsageError } from '../../infra/cli/usage-error.ts';
import { ConfigurationError } from '../../infra/configuration/problems.ts';
import { parsePolicy, parseStage } from '../../infra/configuration/stage.ts';
import localStage from '../../infra/stages/local.json' with { type: 'json' };
import { newBackupCode, readBackupCode } from '../../shared/domain/backup-codes/backup-code.ts';
import { foldEmail } from '../../shared/domain/contact/email-digests.ts';
import { type NotMeLink, notMeToken, readNotMeToken } from '../../shared/domain/contact/not-me-link.ts';
import { sameInbox } from '../../shared/domain/contact/same-inbox.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { readChoice } from '../../shared/domain/dialogue/choices.ts';
import { newTransaction, readTransaction } from '../../shared/domain/dialogue/transaction.ts';
import { checkQuestions } from '../../shared/domain/enrolment/check-questions.ts';
import { readPhone } from '../../shared/domain/enrolment/read-phone.ts';
import {
  nameForLog,
  newChallengeId,
  readChallengeId,
  slotOf,
} from '../../shared/domain/identifiers/challenge-id.ts';
import { foldUserId, isUserId, readUserId } from '../../shared/domain/identifiers/user-id.ts';
import { answerFault } from '../../shared/domain/kba/answers.ts';
import { isCatalogueQuestion } from '../../shared/domain/kba/catalogue.ts';
import { isListId } from '../../shared/domain/kba/question-list.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { deliveryIdOf, readDeliveryId } from '../../shared/domain/queues/delivery-id.ts';
import { smsFates } from '../../shared/domain/queues/messages.ts';
import { readQueueMessage } from '../../shared/domain/queues/read-message.ts';
import { isRecoveryId } from '../../shared/domain/recovery/recovery.ts';
import { readAskedValues, readHint } from '../../shared/domain/sign-in-session/entra-hint.ts';
import { readEmailAddress, readSender, senderHeader } from '../../shared/domain/text/email-address.ts';
import { spokenLanguage } from '../../shared/domain/text/language.ts';
import { lettersAndDigits } from '../../shared/domain/text/letters-and-digits.ts';
import { readPastedCode } from '../../shared/domain/text/pasted-code.ts';
import { readTypedCode } from '../../shared/domain/text/typed-code.ts';
import { visibleLine } from '../../shared/domain/text/visible-line.ts';
import { keyVersions } from '../../shared/environment/configuration.ts';
import { isWorkflowTask } from '../../shared/lambda/workflow-task.ts';
import { securityQuestionTexts } from '../../shared/messages/question-texts.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';
import { cursorAfter, readCursor } from '../../shared/store/user-cursor.ts';
import { someKey } from '../support/person.ts';
import { anyJson, anyText, mutated } from './inputs.ts';

export interface Parser {
  /** Reads a text. What it throws must be one of `refusals`. */
  readonly read: (text: string) => unknown;
  readonly refusals?: readonly (new (...parts: never[]) => Error)[];
  /** Texts that it takes. */
  readonly valid: fc.Arbitrary<string>;
  /** What is only nearly so, where that is not a character more or less. */
  readonly odd?: fc.Arbitrary<string>;
  /** Whether it took a text, where that is not any result at all. */
  readonly takes?: (result: unknown) => boolean;
  /** The one form of what it took, as a text that it takes again; for parsers that give one. */
  readonly form?: (result: unknown) => string | undefined;
  /** Pieces whose repetition makes backtracking expensive, where there are worse ones than the usual. */
  readonly pieces?: readonly string[];
}

const transactionOwner = { group: 'offices', name: 'erin' };
const transactionKeys = keyringOf(new Map([[1, Buffer.alloc(32, 1)]]));
const digits = fc.stringMatching(/^[0-9]{6,10}$/);
const ids = fc
  .tuple(fc.constantFrom('otp', 'kba'), fc.constantFrom('sign-in', 'recovery'), anyText)
  .map(([kind, purpose, name]) =>
    newChallengeId({ kind, purpose, locator: someKey(name), slot: slotOf({ session: name }) } as Parameters<
      typeof newChallengeId
    >[0]),
  );
const slots = fc.stringMatching(/^[\w-]{16}$/);
const names = fc.stringMatching(/^[A-Za-z0-9_@+\\-][A-Za-z0-9._@+\\-]{0,127}$/);
const texts = securityQuestionTexts({ DEFAULT_LOCALE: 'en' });
const asText = (result: unknown) => result as string | undefined;

/** What is wished for, and nothing is done; `undefined` when help is. */
function wishOf(args: string[]): Wish | undefined {
  let wished: Wish | undefined;
  const program = policyCommand((wish) => {
    wished = wish;
  });
  throwing(program, { writeOut: () => {}, writeErr: () => {} }).parse(args, { from: 'user' });
  return wished;
}

export const parsers: Readonly<Record<string, Parser>> = {
  readTypedCode: {
    read: readTypedCode,
    valid: digits.map((code) => code.replace(/(...)/g, '$1 ')),
    form: asText,
    pieces: ['١', '-', '\u200f'],
  },
  readBackupCode: {
    read: readBackupCode,
    valid: fc.nat().map(newBackupCode),
    form: asText,
    pieces: ['1 ', '1.', '\u2011'],
  },
  readChallengeId: {
    read: readChallengeId,
    valid: ids,
  },
  nameForLog: {
    read: nameForLog,
    valid: ids,
    form: (name) => (name === 'malformed' ? undefined : String(name)),
  },
  readDeliveryId: {
    read: readDeliveryId,
    valid: fc
      .tuple(ids, slots, fc.integer({ min: 1, max: 9_999 }))
      .map(([challengeId, challengeKey, sequence]) =>
        deliveryIdOf({ kind: 'otp', challengeId, challengeKey, sequence }),
      ),
    form: (message) =>
      message === undefined ? undefined : deliveryIdOf(message as Parameters<typeof deliveryIdOf>[0]),
    pieces: ['.', '0.'],
  },
  isUserId: { read: isUserId, valid: names, takes: Boolean },
  readUserId: { read: readUserId, valid: names, form: asText, pieces: ['\u200d', ' '] },
  foldUserId: { read: foldUserId, valid: names, form: asText, pieces: ['İ', 'a\u0301', '\u1e9e'] },
  lettersAndDigits: {
    read: lettersAndDigits,
    valid: fc.string(),
    form: asText,
    pieces: ['ß', ' \t', '\u00ad', 'ﷺ', 'a\u0301'],
  },
  answerFault: {
    read: (text) =>
      answerFault(text, { wordings: [text.slice(1)], about: [text, `${text}@example.com`], others: [text] }),
    valid: fc.constantFrom('a', 'password', '1234'),
    pieces: ['a ', '(', '1-'],
  },
  sameInbox: {
    read: (text) => sameInbox(text, text.toUpperCase()) && sameInbox(text, 'other@example.com'),
    valid: fc.emailAddress(),
    pieces: ['+', '+\n', '@', '.'],
  },
  readPhone: {
    read: (text) => readPhone(text, defaultPolicy, true),
    valid: fc.stringMatching(/^\+1202555[0-9]{4}$/),
    takes: (reading) => (reading as { kind: string }).kind === 'phone',
    form: (reading) => (reading as { phone?: { number: string } }).phone?.number,
    pieces: ['+1 ', '(', ';ext=1', 'tel:'],
  },
  resolveLocale: {
    read: (text) => resolveLocale(text, 'en'),
    valid: fc.constantFrom('de', 'de-AT', 'ar_EG'),
    form: asText,
  },
  spokenLanguage: {
    read: spokenLanguage,
    valid: fc.constantFrom('de', 'de-AT', 'ar_EG', 'it,de;q=0.9'),
    form: asText,
    pieces: [',', 'a-', ';q=0,'],
  },
  readEmailAddress: {
    read: readEmailAddress,
    valid: fc.emailAddress(),
    form: asText,
    pieces: ['a.', '@', 'é.', '-', 'xn--'],
  },
  foldEmail: {
    read: foldEmail,
    valid: fc.emailAddress(),
    form: asText,
    pieces: ['\u212a', '@', 'É.', 'xn--'],
  },
  readSender: {
    read: readSender,
    valid: fc.emailAddress().map((address) => `Example Org <${address}>`),
    pieces: ['"', '<', ' ', 'a.'],
  },
  senderHeader: {
    read: (name) => senderHeader({ name, address: 'a@example.com' }),
    valid: fc.string(),
    pieces: ['"', 'é', '🔥'],
  },
  visibleLine: {
    read: (text) => visibleLine(text, 64),
    valid: fc.string(),
    form: asText,
    pieces: ['\u202e ', ' \n', '👩\u200d', 'م\u200c', 'a\u0301', '\u{1F3F4}\u{E0067}'],
  },
  isListId: { read: isListId, valid: fc.stringMatching(/^[a-z]{3,20}$/), pieces: ['a-'] },
  isCatalogueQuestion: { read: isCatalogueQuestion, valid: fc.constantFrom(...texts.ids.current) },
  checkQuestions: {
    read: (text) => {
      const given = [
        { questionId: text, answer: text },
        { text, answer: text },
        { questionId: text, text, answer: text },
        { answer: text },
      ];
      return checkQuestions(given, [text, text], defaultPolicy, texts).faults;
    },
    valid: fc.constantFrom(...texts.ids.current),
    pieces: ['a ', '? '],
  },
  keyVersions: {
    read: keyVersions,
    refusals: [Error],
    valid: fc
      .uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 4 })
      .map((versions) => versions.map((version) => `${version}=arn:aws:kms:${version}`).join()),
    form: (versions) => Array.from(versions as Map<number, string>, (entry) => entry.join('=')).join(),
    pieces: ['1=', ','],
  },
  policyCommand: {
    read: (text) => wishOf(text.split(' ', 6)),
    refusals: [UsageError, CommanderError],
    valid: fc.constantFrom(
      'mode -s MFA',
      'forgot-phone --enable',
      'Show',
      'MODE',
      'users-select -s on',
      '-g',
    ),
    pieces: ['-', '--a=', 'a '],
  },
  canonical: {
    read: (text) => settings.map((setting) => canonical(setting, text)),
    valid: fc.constantFrom('mfa', 'TRUE', 'sms'),
  },
  setValue: {
    read: (text) => {
      const before = JSON.stringify(
        { [text]: text, policy: { mode: 'MFA', [text]: [text, { [text]: {} }] } },
        null,
        2,
      );
      const after = JSON.parse(setValue(before, ['policy', 'mode'], text)) as { policy: { mode: string } };
      if (after.policy.mode !== text && text !== 'policy') throw new Error('the value is not there');
      return after;
    },
    valid: fc.string(),
    pieces: ['"', '\\', '{['],
  },
  parseStage: {
    read: (text) => parseStage('local', JSON.parse(text), 'a file'),
    refusals: [ConfigurationError, SyntaxError],
    valid: fc.constant(JSON.stringify(localStage)),
    odd: fc.oneof(anyJson, mutated(localStage)).map((value) => JSON.stringify(value) ?? 'null'),
  },
  parsePolicy: {
    read: (text) => parsePolicy(JSON.parse(text)),
    refusals: [ConfigurationError, SyntaxError],
    odd: mutated(defaultPolicy).map((value) => JSON.stringify(value) ?? 'null'),
    valid: fc
      .record(
        {
          mode: fc.constantFrom('MFA', 'Hybrid'),
          otp: fc.record({ digits: fc.integer({ min: 6, max: 10 }) }),
          securityCodes: fc.constantFrom('both', 'static'),
        },
        { requiredKeys: [] },
      )
      .map((policy) => JSON.stringify(policy)),
    form: (policy) => JSON.stringify(policy),
  },
  readCursor: {
    read: readCursor,
    valid: fc
      .tuple(anyText, fc.stringMatching(/^[a-z]{1,64}$/))
      .map(([name, userId]) => cursorAfter({ pk: `user#${someKey(name)}`, userId })),
    form: (start) => {
      const key = start as ReturnType<typeof readCursor>;
      return key && cursorAfter({ pk: key['pk']?.S, userId: key['userId']?.S });
    },
  },
  isRecoveryId: { read: isRecoveryId, valid: fc.stringMatching(/^[A-Za-z0-9_-]{32}$/), takes: Boolean },
  readQueueMessage: {
    read: readQueueMessage,
    valid: fc.oneof(
      fc
        .record({
          kind: fc.constant('otp'),
          challengeId: ids,
          challengeKey: slots,
          sequence: fc.integer({ min: 1, max: 9_999 }),
        })
        .map((message) => JSON.stringify(message)),
      fc
        .record({ kind: fc.constant('outcome'), challengeId: ids, challengeKey: slots })
        .map((message) => JSON.stringify(message)),
      fc
        .record({ kind: fc.constant('status'), messageId: fc.uuid(), fate: fc.constantFrom(...smsFates) })
        .map((message) => JSON.stringify(message)),
      fc
        .record({
          kind: fc.constant('notice'),
          locator: anyText.map(someKey),
          notice: anyText.map(someKey),
          address: fc.constantFrom('phone', 'email', 'alternateEmail'),
          tries: fc.nat({ max: 9 }),
        })
        .map((message) => JSON.stringify(message)),
    ),
    odd: fc
      .tuple(ids, slots)
      .chain(([challengeId, challengeKey]) =>
        mutated({ kind: 'otp', challengeId, challengeKey, sequence: 1, tries: 0 }),
      )
      .map((value) => JSON.stringify(value) ?? 'null'),
    form: (message) => (message === undefined ? undefined : JSON.stringify(message)),
    pieces: ['[', '{"a":'],
  },
  isWorkflowTask: { read: (text) => isWorkflowTask({ [text]: text }), valid: fc.string() },
  isLoopback: {
    read: (text) => isLoopback(text),
    valid: fc.webUrl({ validSchemes: ['http'] }).map((url) => url.replace(/\/\/[^/]*/, '//127.0.0.1:8080')),
    takes: (result) => result === true,
  },
  readChoice: {
    read: (text) =>
      readChoice(text, ['SMS', 'Email'], (choice) => (choice === 'SMS' ? 'text message' : 'E-Mail')),
    valid: fc.constantFrom('1', '2', ' sms ', 'E-MAIL', 'Text message'),
    pieces: ['1', ' ', 'sms'],
  },
  readTransaction: {
    read: (text) => readTransaction(text, transactionOwner, 2_000, transactionKeys),
    valid: fc
      .integer({ min: 0, max: 2_000 })
      .map((at) => newTransaction(transactionOwner, at, transactionKeys).text),
    form: (result) => (result as { text: string }).text,
    pieces: ['A', '.1.1.'],
  },
  readNotMeToken: {
    read: (text) => readNotMeToken(text, 2_000, transactionKeys),
    valid: fc
      .integer({ min: 0, max: 2_000 })
      .map((at) => notMeToken({ locator: someKey('erin'), at }, transactionKeys)),
    form: (result) => notMeToken(result as NotMeLink, transactionKeys),
    pieces: ['A', '.1.1.'],
  },
  readPastedCode: {
    read: (text) => readPastedCode(text, 6),
    valid: fc.stringMatching(/^[0-9]{6}$/).map((code) => `Your code is ${code}.`),
    form: (result) => result as string,
    pieces: ['1', '@a.b #1', '1 '],
  },
  readAskedValues: {
    read: (text) => readAskedValues(text),
    valid: fc
      .tuple(fc.array(fc.string(), { minLength: 1, maxLength: 9 }), fc.array(fc.string(), { minLength: 1 }))
      .map(([acr, amr]) => JSON.stringify({ id_token: { acr: { values: acr }, amr: { values: amr } } })),
    odd: anyJson.map((value) => JSON.stringify(value)),
  },
  readHint: {
    read: (text) => {
      const claims: unknown = JSON.parse(text);
      const isClaims = typeof claims === 'object' && claims !== null;
      const expected = { issuer: 'issuer', applicationId: 'application', tenantId: 'tenant' };
      return isClaims ? readHint(claims as Record<string, unknown>, expected, 1_000) : undefined;
    },
    refusals: [SyntaxError],
    valid: fc
      .uuid()
      .map((oid) =>
        JSON.stringify({ iss: 'issuer', aud: 'application', tid: 'tenant', iat: 1, oid, sub: 'pairwise' }),
      ),
    odd: anyJson.map((value) => JSON.stringify(value)),
  },
};

/** Exported functions that are called like parsers, and why they are none of what comes from outside. */
export const others: Readonly<Record<string, string>> = {
  isImportant: 'looks at a word of a closed set',
  isAdministrator: 'looks at the scopes of a token',
  isAgain: 'compares a request with the one before it',
  isClosed: 'asks the restrictions, which the table holds',
  isLinkGood: 'asks readNotMeToken, then the table',
  isForeignEntraName: 'compares what nameForm, which is here, returns',
  isStoppedByPerson: 'asks a record',
  isStoppedSince: 'asks a record',
  isOwnAccount: 'compares the keys of two records',
  isOutOfReach: 'asks a contact, the scopes of a token and policy',
  decryptNotes: 'the same ciphertext as decryptContact',
  readDeliveries: 'reads the table',
  readDialogue: 'reads the table',
  readForm: 'see http.test.ts, as readWebForm',
  readBody: 'see scim.test.ts',
  readRows: 'reads a file of the administrator’s; see users.test.ts',
  readResponse: 'of the client that stands for a PC; see provider tests',
  readTyped: 'see the tests of the logon door',
  readWebForm: 'see http.test.ts',
  isTaken: 'asks a request of a session',
  isItsBrowser: 'compares two digests',
  readChallenge: 'reads the table',
  isSolved: 'asks a challenge of a record',
  isOpen: 'asks a challenge of a record',
  isExhausted: 'asks a challenge of a record',
  readRecovery: 'reads the table',
  readUser: 'reads the table',
  readRequest: 'see http.test.ts',
  readJson: 'reads a file of the administrator’s; what is in it is for parseStage',
  readText: 'reads a file of the administrator’s',
  decryptContact: 'see look-alikes.test.ts',
  decryptEnrolled: 'the same ciphertext as decryptContact',
  decrypt: 'see look-alikes.test.ts',
  decryptQuestions: 'opens with openSealed',
  decryptGenerations: 'opens with openSealed',
  isCurrentHash: 'looks at a hash that the table holds',
  isConditionFailure: 'looks at an error of the SDK',
  isQuota: 'looks at a word of a closed set',
  isOfNumber: 'looks at a word of a closed set',
  isObject: 'looks at a type alone',
  readinessCommand: 'a command line; asks the API',
  readinessBody: 'writes an answer',
  readReadiness: 'reads the table',
  isValid: 'compares two times of the table',
  isStepOnItsWay: 'asks the table',
  isUsedUpInVain: 'asks a record',
  isOutOfOrder: 'asks what workers noted',
  decryptMasks: 'the same ciphertext as decryptContact',
  decryptRefusals: 'the same ciphertext as decryptContact',
};
