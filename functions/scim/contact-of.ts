/** Turns a SCIM User into a person's contact; a value that cannot be used is an error that names its field. */
import type { Contact } from '../../shared/domain/contact/contact.ts';
import { sameInbox } from '../../shared/domain/contact/same-inbox.ts';
import { readPhone } from '../../shared/domain/enrolment/read-phone.ts';
import { isUserId, readUserId } from '../../shared/domain/identifiers/user-id.ts';
import { readEmailAddress } from '../../shared/domain/text/email-address.ts';
import { hasLostCharacter } from '../../shared/domain/text/lost.ts';
import { type Connection, isForeignEntraName, mayGive, namesOfExternalId } from './connection.ts';
import type { Ports } from './ports.ts';
import { scimError } from './scim-error.ts';

interface Typed {
  readonly type?: string;
  readonly value?: string;
  readonly primary?: boolean;
}

/** Those of SCIM's attributes that mean something here; all others are dropped. */
export interface User {
  readonly userName: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly preferredLanguage?: string;
  readonly active?: boolean;
  readonly emails?: readonly Typed[];
  readonly phoneNumbers?: readonly Typed[];
}

const longest = 128;

/**
 * All that a directory says of a person; what it leaves out is removed.
 *
 * @param before as the person is: a name of theirs that an administrator gave may stay
 * @throws SCIM's error with the attribute that is not taken
 */
export function contactOf(user: User, connection: Connection, ports: Ports, before?: Contact): Contact {
  const userId = userIdOf(user, connection, ports);
  refuseForeignNames({ userName: userId, externalId: user.externalId }, connection, ports, before);
  const sent: Record<string, string> = {};
  const keep = (value: string, as: string): string => {
    if (value !== as) sent[value] = as;
    return value;
  };
  const email = emailOf(ofType(user.emails, 'work'), 'work', keep);
  const other = emailOf(ofType(user.emails, 'other'), 'other', keep);
  const isSame = email !== undefined && other !== undefined && sameInbox(email, other);
  const names = namesOfExternalId(user.externalId, connection, ports.connections.length === 1).filter(
    isUserId,
  );
  return {
    userId,
    displayName: lineOf('displayName', user.displayName),
    locale: lineOf('preferredLanguage', user.preferredLanguage),
    phone: phoneOf(ofType(user.phoneNumbers, 'mobile'), ports, keep),
    email,
    alternateEmail: isSame ? undefined : other,
    directory: {
      connection: connection.name,
      externalId: user.externalId,
      names,
      sent,
      primary: primaryOf(user),
    },
  };
}

function refuseForeignNames(
  given: { readonly userName: string; readonly externalId: string | undefined },
  connection: Connection,
  { sameNames }: Ports,
  before: Contact | undefined,
): void {
  const held = [before?.userId, before?.directory?.externalId];
  for (const [field, name] of Object.entries(given)) {
    if (name === undefined || held.includes(name) || !isForeignEntraName(name, connection, sameNames))
      continue;
    throw invalid(field, 'names that begin with entra: are given by the connection of that tenant alone');
  }
}

function primaryOf({ emails, phoneNumbers }: User): Record<string, boolean> {
  const said = [
    ['work', chosenOf(emails, 'work')],
    ['other', chosenOf(emails, 'other')],
    ['mobile', chosenOf(phoneNumbers, 'mobile')],
  ] as const;
  return Object.fromEntries(
    said.flatMap(([type, value]) => (value?.primary === undefined ? [] : [[type, value.primary]])),
  );
}

function userIdOf({ userName }: User, connection: Connection, { sameNames }: Ports): string {
  if (typeof userName !== 'string') throw invalid('userName', 'it is missing');
  const userId = isUserId(userName) ? readUserId(userName) : undefined;
  if (userId === undefined)
    throw invalid('userName', 'use 1 to 128 letters, digits, punctuation and symbols, and none of " / < >');
  if (!mayGive(connection, userId, sameNames))
    throw invalid(
      'userName',
      'this connection gives no names with this ending (directory.connections of the stage)',
    );
  return userId;
}

/** The primary one of several, else the first; as the work address also one without a type. */
function chosenOf(values: readonly Typed[] = [], type: string): Typed | undefined {
  const filled = values.filter((each) => each.value?.trim());
  const fitting = filled.filter((each) => each.type?.toLowerCase() === type);
  const chosen = fitting.find(({ primary }) => primary) ?? fitting[0];
  if (chosen !== undefined || type !== 'work') return chosen;
  return filled.find((each) => each.type === undefined);
}

const ofType = (values: readonly Typed[] | undefined, type: string) => chosenOf(values, type)?.value;

type Keep = (value: string, as: string) => string;

/** Entra ID's `proxyAddresses` begin with `SMTP:`. */
function emailOf(text: string | undefined, type: string, keep: Keep): string | undefined {
  if (text === undefined) return undefined;
  const address = readEmailAddress(text.replace(/^smtp:/i, ''));
  if (address === undefined) throw invalid(`emails[type eq "${type}"].value`, 'use an email address');
  return keep(address, text);
}

function phoneOf(text: string | undefined, { policy, voice }: Ports, keep: Keep): Contact['phone'] {
  if (text === undefined) return undefined;
  const phone = readPhone(text, policy, voice);
  if (phone.kind === 'refused') throw invalid('phoneNumbers[type eq "mobile"].value', phone.detail);
  keep(phone.phone.number, text);
  return phone.phone;
}

function lineOf(field: string, text: string | undefined): string | undefined {
  const line = text?.trim();
  if (line === undefined || line === '') return undefined;
  if (line.length > longest || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(line))
    throw invalid(field, `use one line of at most ${longest} characters`);
  if (hasLostCharacter(line)) throw invalid(field, 'a character was lost before it was sent (U+FFFD)');
  return line;
}

const invalid = (field: string, detail: string) => scimError(400, 'invalidValue', `${field}: ${detail}`);
