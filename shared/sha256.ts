/**
 * SHA-256 as the SDK's request signer asks for it, on the fast paths of `node:crypto`.
 *
 * Node turns a raw HMAC key into a key object on every use, at five times the cost of the MAC itself. The signer
 * keeps its signing key for a day; here its key object is kept with it.
 */
import {
  createHash,
  createHmac,
  createSecretKey,
  type Hash,
  type Hmac,
  hash,
  type KeyObject,
} from 'node:crypto';

type Bytes = string | Uint8Array | ArrayBuffer | ArrayBufferView;

const keyObjects = new WeakMap<object, KeyObject>();
/** By the secret access key, of which a process has one; what else comes as text is used once a day. */
const keyObjectsByText = new Map<string, KeyObject>();
const mostTexts = 8;

export class Sha256 {
  readonly #secret: Bytes | undefined;
  #running: Hash | Hmac | undefined;
  #whole: string | Uint8Array | undefined;

  constructor(secret?: Bytes) {
    this.#secret = secret;
    this.reset();
  }

  reset(): void {
    this.#whole = undefined;
    this.#running = this.#secret === undefined ? undefined : createHmac('sha256', keyOf(this.#secret));
  }

  /** Most messages come in one piece, and one piece is hashed in one call. */
  update(piece: Bytes): void {
    const bytes = toBytes(piece);
    if (this.#running) this.#running.update(bytes);
    else if (this.#whole === undefined) this.#whole = bytes;
    else this.#running = createHash('sha256').update(this.#whole).update(bytes);
  }

  async digest(): Promise<Uint8Array> {
    return this.#running ? this.#running.digest() : hash('sha256', this.#whole ?? '', 'buffer');
  }
}

function keyOf(secret: Bytes): KeyObject {
  const bytes = toBytes(secret);
  const found = typeof bytes === 'string' ? keyObjectsByText.get(bytes) : keyObjects.get(bytes);
  if (found !== undefined) return found;
  const key = createSecretKey(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if (typeof bytes !== 'string') keyObjects.set(bytes, key);
  else {
    if (keyObjectsByText.size === mostTexts) keyObjectsByText.clear();
    keyObjectsByText.set(bytes, key);
  }
  return key;
}

function toBytes(piece: Bytes): string | Uint8Array {
  if (typeof piece === 'string' || piece instanceof Uint8Array) return piece;
  return ArrayBuffer.isView(piece)
    ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
    : new Uint8Array(piece);
}
