/** A person as SCIM's User, with the values as the directory sent them. */
import { type Contact, decryptContact } from '../../shared/domain/contact/contact.ts';
import type { Enrolment } from '../../shared/domain/user-record/user-record.ts';
import type { Ports } from './ports.ts';

export interface Found {
  /** The person's key: SCIM's `id`. */
  readonly key: string;
  readonly contact: Contact;
  readonly enabled: boolean;
}

export type Resource = Readonly<Record<string, unknown>> & { readonly id: string };

const schema = 'urn:ietf:params:scim:schemas:core:2.0:User';

export function foundOf(
  key: string,
  { contact, enabled }: Enrolment,
  { keyring }: Pick<Ports, 'keyring'>,
): Found {
  return { key, contact: decryptContact(contact, key, keyring), enabled };
}

/** @param base address of `/scim/v2` */
export function resourceOf({ key, contact, enabled }: Found, base: string): Resource {
  const { userId, displayName, locale, phone, email, alternateEmail, directory } = contact;
  const sent = (value: string | undefined) => value && (directory?.sent[value] ?? value);
  const typed = (type: string, value: string) => {
    const primary = directory?.primary?.[type];
    return { type, value: sent(value), ...(primary === undefined ? {} : { primary }) };
  };
  const emails = [
    ...(email === undefined ? [] : [typed('work', email)]),
    ...(alternateEmail === undefined ? [] : [typed('other', alternateEmail)]),
  ];
  return {
    schemas: [schema],
    id: key,
    ...(directory?.externalId === undefined ? {} : { externalId: directory.externalId }),
    meta: { resourceType: 'User', location: `${base}/Users/${key}` },
    userName: userId,
    ...(displayName === undefined ? {} : { displayName }),
    ...(locale === undefined ? {} : { preferredLanguage: sent(locale) }),
    active: enabled,
    ...(emails.length === 0 ? {} : { emails }),
    ...(phone === undefined ? {} : { phoneNumbers: [typed('mobile', phone.number)] }),
  };
}
