/** Who may come by which door: clients of the sign-in page, tenants of Entra ID, groups of PCs, directories. */
import * as z from 'zod';
import { modes } from '../../shared/domain/policy/policy.ts';
import { flag, line, oneOf, text } from './fields.ts';

const redirectAllowed = 'an https URL without a fragment';
const redirectUri = z
  .url({ error: redirectAllowed })
  .refine((uri) => !uri.includes('#'), { error: redirectAllowed });

export const signInClient = z.strictObject({
  id: text('1 to 64 letters, digits, points, underscores and hyphens', /^[A-Za-z0-9._-]{1,64}$/),
  name: line(64),
  redirectUris: z
    .array(redirectUri, { error: 'a list of 1 to 10 redirect URIs' })
    .min(1, { error: 'a list of 1 to 10 redirect URIs' })
    .max(10, { error: 'a list of 1 to 10 redirect URIs' }),
  secretSha256: text('the SHA-256 of the secret in 64 hexadecimal digits', /^[0-9a-f]{64}$/).optional(),
  jwks: z
    .strictObject({
      keys: z
        .array(z.looseObject({ kty: z.string({ error: 'a public key as a JWK' }) }), {
          error: 'a list of JWKs',
        })
        .min(1, { error: 'a list of JWKs' }),
    })
    .optional(),
  jwksUrl: z.url({ protocol: /^https$/, error: 'an https URL' }).optional(),
});

const guid = z.guid({ error: 'a GUID, as the portal shows it' });
export const entraTenant = z.strictObject({
  tenantId: guid,
  clientId: text('1 to 64 letters, digits, points, underscores and hyphens', /^[A-Za-z0-9._-]{1,64}$/),
  applicationId: guid,
  redirectUri: z.url({ error: 'the redirect URI of one of Microsoft’s clouds' }).optional(),
  email: flag.optional(),
  authority: z.url({ error: 'an https URL' }).optional(),
});

const keyDigestsAllowed = 'a list of one or two SHA-256 digests, as npm run mfa -- windows add writes them';
export const windowsGroup = z.strictObject({
  name: text('1 to 32 lower-case letters, digits and hyphens, a letter first', /^[a-z][a-z0-9-]{0,31}$/),
  mode: oneOf(modes),
  keys: z
    .array(text(keyDigestsAllowed, /^[0-9a-f]{64}$/), { error: keyDigestsAllowed })
    .min(1, { error: keyDigestsAllowed })
    .max(2, { error: keyDigestsAllowed }),
});

export const directoryConnection = z.strictObject({
  name: text('1 to 32 lower-case letters, digits and hyphens', /^[a-z0-9-]{1,32}$/),
  tokenSha256: text('the SHA-256 of the token in 64 hexadecimal digits', /^[0-9a-f]{64}$/),
  tenantId: z.uuid({ error: 'a GUID, as the portal shows it' }).optional(),
  clientId: line(128).optional(),
  userNameEndings: z
    .array(line(128), { error: 'a list of 1 to 10 endings of user names' })
    .min(1, { error: 'a list of 1 to 10 endings of user names' })
    .max(10, { error: 'a list of 1 to 10 endings of user names' })
    .optional(),
});
