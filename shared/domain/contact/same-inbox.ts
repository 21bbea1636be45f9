/** Whether two email addresses belong to one inbox. */

// Domains of one provider: the same name is the same inbox under each.
const oneProvider = [
  ['gmail.com', 'googlemail.com'],
  ['icloud.com', 'me.com', 'mac.com'],
  ['proton.me', 'protonmail.com', 'pm.me'],
  ['yandex.com', 'yandex.ru', 'ya.ru'],
];

/** Ignores case, dots and a plus tag, as most providers do. */
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
