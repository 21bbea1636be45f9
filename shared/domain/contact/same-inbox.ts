/** Whether two addresses end in one inbox. */

// Domains of one provider under which a name is one inbox.
const oneProvider = [
  ['gmail.com', 'googlemail.com'],
  ['icloud.com', 'me.com', 'mac.com'],
  ['proton.me', 'protonmail.com', 'pm.me'],
  ['yandex.com', 'yandex.ru', 'ya.ru'],
];

/** Case, dots and a plus tag make no difference to most providers. */
export function sameInbox(one: string, other: string): boolean {
  return inboxOf(one) === inboxOf(other);
}

function inboxOf(address: string): string {
  const at = address.lastIndexOf('@');
  const [local = ''] = address.slice(0, at).toLowerCase().split('+');
  const domain = address.slice(at + 1).toLowerCase();
  const provider = oneProvider.find((domains) => domains.includes(domain))?.[0] ?? domain;
  return `${local.replaceAll('.', '')}@${provider}`;
}
