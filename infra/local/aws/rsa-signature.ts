/** RSA signatures over a digest that the caller already has, which node:crypto's own `sign` cannot make. */
import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';

const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** DER of DigestInfo with SHA-256, up to the digest (RFC 8017, section 9.2, note 1). */
const sha256DigestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** RSASSA-PKCS1-v1_5 over a SHA-256 digest. */
export function signPkcs1(key: KeyObject, digest: Buffer): Buffer {
  const padding = constants.RSA_PKCS1_PADDING; // of type 1 when encrypting with a private key
  return privateEncrypt({ key, padding }, Buffer.concat([sha256DigestInfo, digest]));
}

/** RSASSA-PSS over a SHA-256 digest, salt as long as the digest (RFC 8017, section 9.1.1). */
export function signPss(key: KeyObject, digest: Buffer): Buffer {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const length = bits / 8;
  const salt = randomBytes(digest.length);
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const block = Buffer.concat([Buffer.alloc(length - salt.length - hash.length - 2), Buffer.from([1]), salt]);
  const mask = mgf1(hash, block.length);
  for (const [index, byte] of mask.entries()) block[index] = (block[index] ?? 0) ^ byte;
  // The encoded message has one bit less than the modulus.
  block[0] = (block[0] ?? 0) & 0x7f;
  const encoded = Buffer.concat([block, hash, Buffer.from([0xbc])]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

/** Mask generation function of RFC 8017, appendix B.2.1. */
function mgf1(seed: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(index);
    return sha256(seed, counter);
  });
  return Buffer.concat(blocks).subarray(0, length);
}
