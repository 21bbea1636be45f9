/** Brings one person to what a row asks for: reads first, so that nothing is written where nothing changes. */
import type { Client } from '../../../../shared/client/client.ts';
import { type Problem, ProblemError, type Result } from '../../../../shared/client/problem.ts';
import type { User } from '../../../../shared/client/schema.ts';
import { foldUserId } from '../../../../shared/domain/identifiers/user-id.ts';
import type { Patience } from './patience.ts';
import type { Refusal, Wish } from './wish-of-row.ts';

export type Applied =
  | { readonly kind: 'created' | 'changed' | 'unchanged' }
  | ({ readonly kind: 'refused' } & Refusal);

/** @throws ProblemError where no row would fare better: the token is missing a right. ClientFault after long silence */
export async function applyWish(
  { userId, fields }: Wish,
  client: Client,
  patience: Patience,
  dryRun: boolean,
): Promise<Applied> {
  const path = { userId };
  const found: Result<User> = await patience.follow(() => client.request('readUser', { path }));
  if (!found.ok && found.problem.code !== 'not-found') return refused(found.problem, { userId, fields });
  const before = found.ok ? found.value : undefined;
  if (before !== undefined && foldUserId(before.userId) !== foldUserId(userId))
    return { kind: 'refused', field: 'userId', reason: `This is a name of ${before.userId} already.` };
  if (before !== undefined && Object.entries(fields).every(([name, value]) => isSame(name, value, before)))
    return { kind: 'unchanged' };
  const body = before === undefined ? withoutNulls(fields) : { ...keptOf(before), ...fields };
  const query = dryRun ? { dryRun: 'true' as const } : {};
  const written: Result<User> = await patience.follow(() =>
    client.request('enrolUser', { path, query, body }),
  );
  if (!written.ok) return refused(written.problem, { userId, fields });
  if (before === undefined) return { kind: 'created' };
  return { kind: JSON.stringify(before) === JSON.stringify(written.value) ? 'unchanged' : 'changed' };
}

const withoutNulls = (fields: Wish['fields']) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** `PUT` replaces these. */
function keptOf({ phone, email, alternateEmail, locale, displayName, enabled }: User): object {
  return { phone, email, alternateEmail, locale, displayName, enabled };
}

function isSame(name: string, wanted: unknown, before: User): boolean {
  const there = (before as unknown as Readonly<Record<string, unknown>>)[name];
  if (name === 'securityQuestions') return false; // answers never come back
  if (Array.isArray(wanted)) return JSON.stringify(wanted) === JSON.stringify(there ?? []);
  if (wanted === null) return there === undefined;
  if (name === 'protected') return wanted === (there ?? false);
  if (name !== 'phone') return wanted === there;
  return String(wanted).replace(/[\s().-]/g, '') === there;
}

/** Nobody's fault in particular: every row would meet it. */
const forAll: readonly Problem['code'][] = ['unauthenticated', 'forbidden'];

function refused(problem: Problem, wish: Wish): Applied {
  if (forAll.includes(problem.code)) throw new ProblemError(problem);
  const errors = 'errors' in problem ? (problem.errors ?? []) : [];
  const [first, ...more] = errors.map(({ pointer, detail }) => ({ field: columnAt(pointer), detail }));
  if (first === undefined)
    return {
      kind: 'refused',
      field: isOfAlias(problem, wish) ? 'aliases' : 'userId',
      reason: `${problem.code}: ${problem.detail}`,
    };
  const others = more.map(({ field, detail }) => ` ${field}: ${detail}`);
  return { kind: 'refused', field: first.field, reason: [first.detail, ...others].join('') };
}

/** The detail says which name another person has. */
function isOfAlias({ code, detail }: Problem, { userId, fields }: Wish): boolean {
  return code === 'conflict' && fields['aliases'] !== undefined && !detail.includes(` ${userId}.`);
}

/** `/securityQuestions/0/answer` is the column answer1. */
function columnAt(pointer: string): string {
  const [, name = '', place, inner] = pointer.split('/');
  if (name === 'path') return 'userId';
  if (name !== 'securityQuestions') return name;
  return `${inner === 'answer' ? 'answer' : 'question'}${Number(place ?? 0) + 1}`;
}
