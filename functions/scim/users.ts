/** What a directory does with people: creates, replaces, changes and removes them. */
import SCIMMY from 'scimmy';
import type { EnrolOutcome } from '../../shared/domain/enrolment/decide-enrolment.ts';
import { changeUser, createUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { removeUser } from '../../shared/domain/enrolment/remove-user.ts';
import { log } from '../../shared/log/log.ts';
import { withKnownTypes } from './address-types.ts';
import type { Connection } from './connection.ts';
import { contactOf, type User } from './contact-of.ts';
import { byId } from './find.ts';
import { operationsOf } from './patch-operations.ts';
import type { Ports } from './ports.ts';
import type { Body } from './read-body.ts';
import { type Found, type Resource, resourceOf } from './resource.ts';
import { scimError } from './scim-error.ts';

export interface Asking {
  readonly connection: Connection;
  /** Address of `/scim/v2`. */
  readonly base: string;
  readonly ports: Ports;
}

const mapped = ['userName', 'displayName', 'preferredLanguage', 'active', 'emails', 'phoneNumbers'];
// The schema that is told and checked is what is mapped; other attributes are dropped.
const unmapped = SCIMMY.Schemas.User.definition.attributes
  .map(({ name }) => name)
  .filter((name) => ![...mapped, 'schemas', 'id', 'externalId', 'meta'].includes(name));
SCIMMY.Schemas.User.definition.truncate(...unmapped);

export async function create(body: Body, { connection, base, ports }: Asking): Promise<Resource> {
  const user = checked(body);
  const contact = contactOf(user, connection, ports);
  const outcome = await createUser(contact, user.active ?? true, ports);
  const { contact: after, enabled, reference } = enrolled(outcome, user);
  log('user-enrolled', {
    user: reference,
    client: clientOf(connection),
    created: true,
    methods: outcomeMethods(outcome),
  });
  return resourceOf({ key: reference, contact: after, enabled }, base);
}

export async function replace(id: string, body: Body, asking: Asking): Promise<Resource> {
  const found = await byId(id, asking.connection, asking.ports);
  return write(found, checked(body), asking);
}

export async function change(id: string, body: Body, asking: Asking): Promise<Resource> {
  const { connection, base, ports } = asking;
  const found = await byId(id, connection, ports);
  const current = resourceOf(found, base);
  const operations = operationsOf(body, current);
  if (operations.length === 0) return current;
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const patch = new SCIMMY.Messages.PatchOp({ schemas, Operations: operations } as never);
  const target = new SCIMMY.Schemas.User(current as never, 'in');
  const patched = (await patch.apply(target as never, async (value: unknown) => value as never)) as unknown;
  return patched === undefined ? current : write(found, patched as User, asking);
}

export async function remove(id: string, { connection, ports }: Asking): Promise<void> {
  const { contact } = await byId(id, connection, ports);
  if ('protected' in contact && contact.protected === true)
    throw scimError(
      409,
      'mutability',
      'This person is protected: an administrator removes the protection first.',
    );
  const { kind, user } = await removeUser(contact.userId, ports);
  if (kind === 'removed' && user !== undefined) log('user-removed', { user, client: clientOf(connection) });
}

async function write(found: Found, user: User, { connection, base, ports }: Asking): Promise<Resource> {
  const { userId, displayName, locale, phone, email, alternateEmail, directory } = contactOf(
    user,
    connection,
    ports,
    found.contact,
  );
  const fields = {
    userId,
    displayName: displayName ?? null,
    locale: locale ?? null,
    phone: phone ?? null,
    email: email ?? null,
    alternateEmail: alternateEmail ?? null,
    directory,
  };
  const outcome = await changeUser(found.contact.userId, fields, user.active ?? true, ports, {
    person: found.key,
  });
  const after = enrolled(outcome, user);
  const client = clientOf(connection);
  log('user-enrolled', { user: found.key, client, created: false, methods: outcomeMethods(outcome) });
  if (outcome.kind === 'enrolled' && outcome.isProtectionTouched)
    log('protected-person-changed', { user: found.key, client });
  const { contact } = found;
  if (
    contact.phone?.number !== phone?.number ||
    contact.email !== email ||
    contact.alternateEmail !== alternateEmail
  )
    log('directory-address-changed', { user: found.key, client });
  return resourceOf({ key: found.key, contact: after.contact, enabled: after.enabled }, base);
}

/** @throws SCIM's error with the attribute that is missing or of another type */
function checked(body: Body): User {
  const { id: _, meta: __, ...rest } = body;
  const { id: schema } = SCIMMY.Schemas.User.definition;
  const { schemas } = rest;
  if (Array.isArray(schemas) && schemas.length > 0 && !schemas.includes(schema))
    throw scimError(400, 'invalidSyntax', `schemas: use ${schema}.`);
  const known = Object.entries(rest).map(([name, value]) => [name, withKnownTypes(name, value)]);
  return asError(() => new SCIMMY.Schemas.User(Object.fromEntries(known), 'in') as unknown as User);
}

/** SCIMMY says what is wrong with a value by a TypeError, and its resources make SCIM's error of it. */
function asError<Value>(make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw error instanceof TypeError ? scimError(400, 'invalidValue', error.message) : error;
  }
}

const clientOf = ({ name }: Connection): string => `scim:${name}`;
const outcomeMethods = (outcome: EnrolOutcome) => (outcome.kind === 'enrolled' ? outcome.user.methods : []);

function enrolled(outcome: EnrolOutcome, { userName, externalId }: User) {
  switch (outcome.kind) {
    case 'enrolled':
      return outcome.user;
    case 'name-taken': {
      const field = outcome.name === userName.trim() || externalId === undefined ? 'userName' : 'externalId';
      throw scimError(409, 'uniqueness', `${field}: another person has this name.`);
    }
    case 'not-found':
      throw scimError(404, undefined, 'There is no such User any more.');
    case 'too-many-aliases':
      throw scimError(400, 'invalidValue', 'userName: this person has as many other names as one may have.');
    case 'same-inbox':
      throw scimError(
        400,
        'invalidValue',
        'emails: use an inbox for type other that is not that of type work.',
      );
  }
}
