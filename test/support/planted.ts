/** Secrets and addresses that went through a stack, noted so that a search for them can be made in what it printed. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDirectory } from '../synthesized.ts';

const file = () => join(runDirectory(), 'planted.txt');

/** Shorter values, and noise without letters and digits, stand in logs for reasons of their own. */
const canBeFound = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 6 && /[\p{L}\p{N}]/u.test(value);

const here: string[] = [];

export function plant(values: readonly unknown[]): void {
  const found = values.filter(canBeFound);
  here.push(...found);
  if (found.length > 0) appendFileSync(file(), found.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** What this process planted, oldest first. */
export function plantedHere(): readonly string[] {
  return here;
}

/** What a request carried in under names that hold secrets, addresses or what somebody wrote. */
export const plantRequest = (body: unknown): void => plantNamed(body, [...secretNames, ...writtenNames]);

/** What an answer carried out. Its reasons are words of ours, which logs have too, or came in by a request. */
export const plantAnswer = (body: unknown): void => plantNamed(body, secretNames);

function plantNamed(body: unknown, names: readonly string[]): void {
  if (typeof body !== 'object' || body === null) return;
  for (const [name, value] of Object.entries(body)) {
    if (names.includes(name)) plant([value].flat());
    if (typeof value === 'object') plantNamed(value, names);
  }
}

const secretNames = ['phone', 'email', 'alternateEmail', 'code', 'codes', 'answer', 'displayName'];
const writtenNames = ['ticket', 'reason'];

interface Sent {
  readonly to: string;
  readonly body: string;
}

/** Codes are taken out of the messages: six digits, together or one by one. */
export function plantMessages(messages: readonly Sent[]): void {
  for (const { to, body } of messages) {
    plant([
      to,
      ...(body.match(/\b\d{6}\b/g) ?? []),
      ...(body.match(/\b(?:\d ){5}\d\b/g) ?? []).map((c) => c.replaceAll(' ', '')),
    ]);
  }
}

/** What all processes of the run planted. */
export function planted(): ReadonlySet<string> {
  if (!existsSync(file())) return new Set();
  return new Set(
    readFileSync(file(), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string),
  );
}

/** As a word of its own: ids and times hold digits too. */
export function holds(text: string, secret: string): boolean {
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    const [before = ' ', after = ' '] = [text[at - 1], text[at + secret.length]];
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}
