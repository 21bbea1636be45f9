/** Stores what oidc-provider keeps: pushed requests and codes, each used once by a conditional write. */
import { decodeJwt } from 'jose';
import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Clock } from '../../shared/domain/clock.ts';
import { readUserId } from '../../shared/domain/identifiers/user-id.ts';
import {
  type AuthorizationCode,
  type AuthorizationStore,
  codeIdOf,
  requestLifetimeMilliseconds,
} from '../../shared/domain/sign-in-session/authorization.ts';

interface AdapterOptions {
  readonly authorizations: AuthorizationStore;
  readonly clock: Clock;
}

type Kept = Partial<Pick<Adapter, 'upsert' | 'find' | 'consume'>>;

/** Models that are not here are neither kept nor found: this provider has no sessions, tokens or grants to look up. */
export function adapterFor(options: AdapterOptions): (model: string) => Adapter {
  const kept: Readonly<Record<string, Kept>> = {
    PushedAuthorizationRequest: pushedRequests(options),
    AuthorizationCode: codes(options),
    Grant: grants,
    ReplayDetection: assertions(options),
  };
  return (model) => ({ ...nothing, ...(Object.hasOwn(kept, model) ? kept[model] : {}) });
}

const nothing: Adapter = {
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};

/** The page reads them, and not the library. */
function pushedRequests({ authorizations, clock }: AdapterOptions): Kept {
  return {
    async upsert(id, { request = '' }) {
      const expiresAt = clock.now() + requestLifetimeMilliseconds;
      await authorizations.push({ id, ...readRequest(decodeJwt(request)), expiresAt });
    },
  };
}

/** The parameters that the library has checked, and what it leaves to the provider. */
function readRequest(params: Readonly<Record<string, unknown>>) {
  const textOf = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
  const person = readUserId(textOf('login_hint') ?? '');
  if (person === undefined) {
    throw new errors.InvalidRequest(
      'login_hint must be the name of the person: 1 to 128 characters in one line, without quotation mark, slash, < and >',
    );
  }
  if (textOf('prompt')?.split(' ').includes('none'))
    throw new errors.InvalidRequest('prompt=none: the person always has to prove something here');
  if ((textOf('response_mode') ?? 'query') !== 'query')
    throw new errors.InvalidRequest('response_mode must be query, or left out');
  const acrValues = textOf('acr_values')?.split(' ').filter(Boolean);
  return {
    clientId: textOf('client_id') as string,
    redirectUri: textOf('redirect_uri') as string,
    person,
    state: textOf('state'),
    nonce: textOf('nonce'),
    codeChallenge: textOf('code_challenge') as string,
    acrValues: acrValues && acrValues.length > 0 ? acrValues : undefined,
    languages: textOf('ui_locales'),
  };
}

/** The code of the request that is being answered: the library asks for its parts one by one. */
const presented = new WeakMap<object, AuthorizationCode>();

const presentedCode = (): AuthorizationCode | undefined => Provider.ctx && presented.get(Provider.ctx);

/** Made by the page; found here under the digest of what the client presents. */
function codes({ authorizations }: AdapterOptions): Kept {
  return {
    async find(value) {
      const id = codeIdOf(value);
      const code = await authorizations.findCode(id);
      if (code === undefined || Provider.ctx === undefined) return undefined;
      presented.set(Provider.ctx, code);
      return {
        kind: 'AuthorizationCode',
        jti: value,
        grantId: id,
        accountId: code.sub,
        clientId: code.clientId,
        redirectUri: code.redirectUri,
        scope: 'openid',
        codeChallenge: code.codeChallenge,
        codeChallengeMethod: 'S256',
        acr: code.acr,
        amr: [...code.amr],
        authTime: seconds(code.authenticatedAt),
        exp: seconds(code.expiresAt),
        ...(code.nonce === undefined ? {} : { nonce: code.nonce }),
        ...(code.used ? { consumed: true } : {}),
      };
    },
    async consume(value) {
      if (await authorizations.useCode(codeIdOf(value))) return;
      throw new errors.InvalidGrant('authorization code already consumed');
    },
  };
}

/** A code is its own grant: of the scope `openid`, to its client, for its person. */
const grants: Kept = {
  async find(id): Promise<AdapterPayload | undefined> {
    const code = presentedCode();
    if (code?.id !== id) return undefined;
    const { clientId, sub: accountId, expiresAt } = code;
    return {
      kind: 'Grant',
      jti: id,
      clientId,
      accountId,
      openid: { scope: 'openid' },
      exp: seconds(expiresAt),
    };
  },
};

/** What the token says of the person beside what the library puts there from the code. */
export function claimsOf(sub: string): Readonly<Record<string, string>> {
  const code = presentedCode();
  if (code?.sub !== sub) throw new Error('the account is not the one of the code');
  return { sub, preferred_username: code.preferredUsername };
}

/** A client's own assertion works once. The library looks before it writes; here the write decides. */
function assertions({ authorizations, clock }: AdapterOptions): Kept {
  return {
    async upsert(id, _payload, expiresIn) {
      if (await authorizations.useOnce(`client assertion ${id}`, clock.now() + expiresIn * 1000)) return;
      throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
    },
  };
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
