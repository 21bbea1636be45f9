/** A person of the soak and what can be asked in their name; requests that met a fault are repeated under their key. */
import { randomUUID } from 'node:crypto';
import type { DevelopmentClient } from '../../../infra/local/token-issuer/issuer.ts';
import { rightAnswers, securityQuestions, wrongAnswers } from '../../e2e/recovering.ts';
import type { Json } from '../../stack.ts';
import type { MeasuredStack } from '../inside/stack.ts';
import type { Asked, Journal } from './client.ts';
import { codeIn, type Entry, isUncertain } from './observed.ts';

export interface Contact {
  readonly phone: string;
  readonly email: string;
  readonly alternateEmail: string;
}

export interface Options {
  readonly client?: DevelopmentClient;
  readonly key?: string | undefined;
  readonly recovery?: string | undefined;
}

const mostRepetitions = 4;
const path = (userId: string) => `/v1/users/${userId}`;

export function personOf(userId: string, contact: Contact, stack: MeasuredStack, journal: Journal) {
  /** As a client does that wants to know: again under the same key while nobody says what became of it. */
  const insist = async (asked: Asked): Promise<Entry> => {
    const keyed = { ...asked, key: asked.key ?? randomUUID() };
    let entry = await journal.ask(keyed);
    for (let turn = 0; turn < mostRepetitions && isUncertain(entry); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      entry = await journal.ask(keyed);
    }
    return entry;
  };
  const onChallenge = (id: string) => `/v1/otp-challenges/${id}`;
  const addresses = [contact.phone, contact.email, contact.alternateEmail];
  /** Codes to this person's addresses so far, oldest first. */
  const codes = async (): Promise<string[]> => {
    const sent = await Promise.all(addresses.map((to) => stack.outbox(to)));
    const all = sent.flat().toSorted((a, b) => a.at.localeCompare(b.at));
    return all.flatMap((message) => codeIn(message) ?? []);
  };

  return {
    userId,
    contact,
    codes,
    insist,
    enrol: (more: object = {}) =>
      insist({
        op: 'enrol',
        user: userId,
        method: 'PUT',
        path: path(userId),
        client: 'admin',
        body: { ...contact, securityQuestions, ...more },
      }),
    unlock: () =>
      insist({
        op: 'unlock',
        user: userId,
        method: 'POST',
        path: `${path(userId)}/unlock`,
        client: 'helpdesk',
        body: { operator: `operator-of-${userId}`, reason: 'the evidence asks' },
      }),
    start: (method: string, { client, key }: Options = {}) =>
      insist({
        op: 'start',
        user: userId,
        method: 'POST',
        path: '/v1/otp-challenges',
        body: { userId, method },
        client,
        key,
      }),
    resend: (subject: string, { client }: Options = {}) =>
      insist({
        op: 'resend',
        user: userId,
        method: 'POST',
        path: `${onChallenge(subject)}/resend`,
        body: {},
        client,
        subject,
      }),
    status: (subject: string, { client }: Options = {}) =>
      journal.ask({ op: 'status', user: userId, method: 'GET', path: onChallenge(subject), client, subject }),
    verify: (subject: string, code: string, { client, key, recovery }: Options = {}) =>
      journal.ask({
        op: 'verify',
        user: userId,
        method: 'POST',
        path: `${onChallenge(subject)}/verify`,
        body: { code },
        client,
        key,
        subject,
        recovery,
        code,
      }),
    askQuestions: ({ client }: Options = {}) =>
      insist({
        op: 'ask',
        user: userId,
        method: 'POST',
        path: '/v1/kba-challenges',
        body: { userId },
        client,
      }),
    check: (challenge: Json, isRight: boolean, { client, key, recovery }: Options = {}) => {
      const given = isRight ? rightAnswers : wrongAnswers;
      const answers = (challenge.questions as { questionId: string }[]).map(({ questionId }) => ({
        questionId,
        answer: given[questionId] ?? 'not known',
      }));
      const subject: string = challenge.challengeId;
      return journal.ask({
        op: 'check',
        user: userId,
        method: 'POST',
        path: `/v1/kba-challenges/${subject}/check`,
        body: { answers },
        client,
        key,
        subject,
        recovery,
      });
    },
    redeemCode: (code: string, { client, key, recovery }: Options = {}) =>
      journal.ask({
        op: 'use-code',
        user: userId,
        method: 'POST',
        path: '/v1/backup-codes/verify',
        body: { ...(recovery ? { recoveryId: recovery } : { userId }), code },
        client,
        key,
        recovery,
        code,
      }),
    generate: () =>
      journal.ask({
        op: 'generate',
        user: userId,
        method: 'POST',
        path: `${path(userId)}/backup-codes`,
        client: 'helpdesk',
        body: { kind: 'static', operator: `operator-of-${userId}`, reason: 'the evidence asks' },
      }),
    recover: (by: string, { key }: Options = {}) =>
      insist({
        op: 'recover',
        user: userId,
        method: 'POST',
        path: '/v1/recoveries',
        body: { userId, path: by },
        key,
      }),
    recovery: (subject: string) =>
      journal.ask({
        op: 'recovery',
        user: userId,
        method: 'GET',
        path: `/v1/recoveries/${subject}`,
        subject,
      }),
  };
}

export type Person = ReturnType<typeof personOf>;
