/** Masked addresses: whoever knows the address recognises it, and nobody else learns it. */

const hidden = '•••';

/** `alice@example.com` → `a•••@example.com`, with three bullets whatever the length. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address.slice(0, at);
  return `${first}${hidden}${address.slice(at)}`;
}

/** `+12025550123` → `•••• ••23`. Shows neither the country nor the length. */
export function maskPhone(number: string): string {
  return `•••• ••${number.slice(-2)}`;
}
