/** The rule about what an assertion says and who signed it. */
import { createPublicKey, verify } from 'node:crypto';
import type { Json } from '../../../stack.ts';
import { assertionOf, asserts, type Entry, rule } from '../observed.ts';

const contexts: Readonly<Record<string, string>> = {
  SMS: 'otp-pstn',
  Call: 'otp-pstn',
  Email: 'otp-email',
  kba: 'kba',
  'backup-code': 'backup-code',
};

export const claims = rule(
  'claims',
  'an assertion is signed, of the person, for the client that asked, with the purpose and strength of what was done',
  ({ entries, keys }) =>
    entries.filter(asserts).flatMap((entry) => {
      const fault = faultOf(entry, keys);
      return fault === undefined ? [] : [{ ids: [entry.id], text: fault }];
    }),
);

function faultOf(entry: Entry, keys: readonly Json[]): string | undefined {
  const [header = '', payload = '', signature = ''] = (assertionOf(entry.body) ?? '').split('.');
  const read = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString());
  const { kid, typ } = read(header);
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined || typ !== 'mfa-fallback+jwt') return 'has an unknown key or type';
  const signed = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) return 'has a wrong signature';
  const said = read(payload);
  if (said.sub.toLowerCase() !== entry.user) return 'is of somebody else';
  if (said.aud !== entry.client) return 'is for another client';
  const isRecovery = entry.op === 'recovery';
  if ((said.purpose === 'recovery') !== isRecovery) return 'has another purpose';
  const { method } = isRecovery ? entry.body.verification : entry.body;
  if (!isRecovery && said.acr !== `urn:mfa-fallback:acr:${contexts[method]}`)
    return 'claims another strength';
  return undefined;
}
