/** Addresses as a person may see them: recognised by who knows them, of no use to who does not. */

const hidden = '•••';

/** `alice@example.com` → `a•••@example.com`; as many bullets for every local part. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address.slice(0, at);
  return `${first}${hidden}${address.slice(at)}`;
}

/** `+12025550123` → `•••• ••23`; neither the country nor the length shows. */
export function maskPhone(number: string): string {
  return `•••• ••${number.slice(-2)}`;
}
