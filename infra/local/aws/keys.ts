/** Key material behind the local KMS: made on first use, kept for the next start, never handed out. */
import { createPrivateKey, createSecretKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonFile } from './json-file.ts';

export interface KeySpec {
  readonly id: string;
  readonly arn: string;
  readonly spec: 'HMAC_256' | 'RSA_3072';
  /** With their `alias/` in front. */
  readonly aliases?: readonly string[];
}

export interface Keys {
  /** By id, ARN, alias or ARN of an alias. */
  find(keyId: string): KeySpec | undefined;
  /** A secret key for HMAC_256, a private key for RSA_3072. Callers that race get the same key. */
  material(key: KeySpec): Promise<KeyObject>;
}

interface SavedKey {
  readonly spec: KeySpec['spec'];
  /** Base64: the secret's bytes, or PKCS #8 in DER. */
  readonly material: string;
}

const generate = promisify(generateKeyPair);

export function createKeys(specs: readonly KeySpec[], file: JsonFile): Keys {
  const saved = (file.read() ?? {}) as Record<string, SavedKey>;
  const loaded = new Map<string, Promise<KeyObject>>();

  const make = async ({ id, spec }: KeySpec): Promise<KeyObject> => {
    const earlier = Object.hasOwn(saved, id) ? saved[id] : undefined;
    if (earlier?.spec === spec) return restore(earlier);
    const key = spec === 'HMAC_256' ? createSecretKey(randomBytes(32)) : await rsaKey(id);
    const bytes = spec === 'HMAC_256' ? key.export() : key.export({ type: 'pkcs8', format: 'der' });
    saved[id] = { spec, material: bytes.toString('base64') };
    file.changed(() => saved);
    // Nothing may be made with a key that a crash could still lose.
    await file.flush();
    return key;
  };

  return {
    find(keyId) {
      return specs.find(({ id, arn, aliases = [] }) => {
        const aliasArns = aliases.map((alias) => `${arn.slice(0, arn.lastIndexOf(':') + 1)}${alias}`);
        return [id, arn, ...aliases, ...aliasArns].includes(keyId);
      });
    },
    material(key) {
      const material = loaded.get(key.id) ?? make(key);
      loaded.set(key.id, material);
      material.catch(() => loaded.delete(key.id));
      return material;
    },
  };
}

/** By the key's id: one takes half a second of the processor, and a process may run many stacks, one after the other. */
const made = new Map<string, Promise<KeyObject>>();

function rsaKey(id: string): Promise<KeyObject> {
  const key = made.get(id) ?? generate('rsa', { modulusLength: 3072 }).then(({ privateKey }) => privateKey);
  made.set(id, key);
  return key;
}

function restore({ spec, material }: SavedKey): KeyObject {
  const bytes = Buffer.from(material, 'base64');
  return spec === 'HMAC_256'
    ? createSecretKey(bytes)
    : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
}
