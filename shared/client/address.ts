/** Addresses that secrets may go to. */

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** Without a slash at its end. @throws TypeError for one that is not https, unless it is this machine */
export function secureAddress(name: string, address: string): string {
  if (!URL.canParse(address)) throw new TypeError(`${name} is not an address: ${address}`);
  const url = new URL(address);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname)))
    return address.replace(/\/+$/, '');
  throw new TypeError(`${name} must begin with https://, since secrets go there: ${address}`);
}
