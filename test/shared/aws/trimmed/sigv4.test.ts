/** Signatures against those of the SDK's own signer. */

import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requestSigner } from '../../../../shared/aws/trimmed/sigv4.ts';
import { anyCharacter } from '../../../support/any-character.ts';

/** SHA-256 and its HMAC, as the SDK asks for them. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as string | Uint8Array);
  }
  update(bytes: Uint8Array) {
    this.#hash.update(bytes);
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const scopes = fc.record({
  region: fc.constantFrom('eu-central-1', 'cn-north-1'),
  service: fc.constantFrom('dynamodb', 'ses'),
});
const identities = fc.record(
  {
    accessKeyId: fc.stringMatching(/^AKIA[A-Z0-9]{16}$/),
    secretAccessKey: fc.stringMatching(/^[\w/+]{40}$/),
    sessionToken: fc.stringMatching(/^[\w/+=]{0,60}$/),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);
const headers = fc.record(
  {
    host: fc.constantFrom('dynamodb.eu-central-1.amazonaws.com', '127.0.0.1:8000'),
    'content-type': fc.constantFrom('application/x-amz-json-1.0', 'application/x-www-form-urlencoded'),
    'x-amz-target': fc.stringMatching(/^[A-Za-z]+_\d{8}\.[A-Za-z]+$/),
    'x-amzn-query-mode': fc.constant('true'),
  },
  { requiredKeys: ['host', 'content-type'] },
);
const requests = fc.record({
  method: fc.constantFrom('POST', 'PUT'),
  path: fc.constantFrom('/', '/contact/outbound-voice', '/v2/a-b_c~d/'),
  headers,
  body: fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  ),
});
const times = fc.date({ min: new Date('2020-01-01'), max: new Date('2080-01-01'), noInvalidDate: true });

const request = (fields: Partial<HttpRequest>) =>
  new HttpRequest({ protocol: 'https:', hostname: 'localhost', ...fields });

test("every request is signed as by the SDK's signer, on every day", async () => {
  await fc.assert(
    fc.asyncProperty(identities, scopes, fc.array(fc.tuple(requests, times)), async (who, scope, sent) => {
      const signer = requestSigner(who, scope);
      const theirs = new SignatureV4({ credentials: who, ...scope, sha256: Sha256, applyChecksum: false });
      for (const [fields, time] of sent) {
        vi.setSystemTime(time);
        const ours = await signer.sign(request(fields));
        expect(ours.headers).toEqual((await theirs.sign(request(fields))).headers);
        // As a retry, whose request has been signed before.
        expect((await signer.sign(ours)).headers).toEqual(ours.headers);
        expect(ours).toMatchObject({ ...fields, headers: {} });
      }
    }),
  );
});

test.each([
  ['a space in the path', { path: '/a b' }],
  ['a path that is encoded', { path: '/a%20b' }],
  ['dots that go up', { path: '/a/../b' }],
  ['a query', { query: { a: '1' } }],
])('%s is refused, because it would be signed another way', async (_, fields) => {
  const signer = requestSigner(
    { accessKeyId: 'a', secretAccessKey: 'b' },
    { region: 'eu-central-1', service: 'sns' },
  );
  await expect(signer.sign(request({ method: 'POST', path: '/', ...fields }))).rejects.toThrow(
    'cannot be signed',
  );
});
