/** A self-signed X.509 certificate of a signing key (RFC 5280), which Entra ID wants beside it: made and checked here. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';

type Sign = (input: string) => Promise<Uint8Array>;

/**
 * Serial, names and validity depend on the key alone, and RSASSA-PKCS1-v1_5 has one signature for one text: whoever
 * makes it gets the same bytes.
 *
 * @param sign by RS256, over text in Latin-1
 * @returns the certificate in DER
 */
export async function selfSigned(publicKey: KeyObject, name: string, sign: Sign): Promise<Buffer> {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40; // positive, and as long for every key
  const subject = sequence(set(sequence(der(0x06, commonName), der(0x0c, Buffer.from(name)))));
  const validity = sequence(der(0x18, Buffer.from('20260101000000Z')), der(0x18, Buffer.from(endless)));
  const version3 = der(0xa0, der(0x02, Buffer.of(2)));
  const content = sequence(version3, der(0x02, serial), rs256, subject, validity, subject, Buffer.from(spki));
  const signature = Buffer.from(await sign(content.toString('latin1')));
  return sequence(content, rs256, der(0x03, Buffer.of(0), signature));
}

/** The certificate, if it is one of this key and signed by it; what else the table holds is not shown. */
export function certificateOf(publicKey: KeyObject, stored: Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(stored);
    const isItsOwn = certificate.publicKey.equals(publicKey) && certificate.verify(publicKey);
    return isItsOwn ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 5280 §4.1.2.5: a certificate without an end of its own. The key's rotation ends it. */
const endless = '99991231235959Z';
const commonName = Buffer.from('550403', 'hex');
const rs256 = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return der(0x31, ...parts);
}

/** Tag, length and content (X.690). */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}
