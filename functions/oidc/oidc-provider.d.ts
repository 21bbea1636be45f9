/** The parts of `oidc-provider`, which ships no types, that the provider and the local token issuer use. */
declare module 'oidc-provider' {
  import type { KeyObject } from 'node:crypto';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Client {
    readonly scope?: string;
  }

  /** The slice of Koa's context that a grant handler sees. */
  export interface Context {
    readonly oidc: { readonly client: Client; readonly params: { scope?: string } };
  }

  export type AdapterPayload = Readonly<Record<string, unknown>> & { readonly request?: string };

  export interface Adapter {
    upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void>;
    find(id: string): Promise<AdapterPayload | undefined>;
    findByUserCode(code: string): Promise<AdapterPayload | undefined>;
    findByUid(uid: string): Promise<AdapterPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(id: string): Promise<void>;
  }

  /** The OAuth error that the library answers with. */
  type OAuthError = new (description: string, scope?: string) => Error;
  export const errors: {
    readonly InvalidScope: OAuthError;
    readonly InvalidRequest: OAuthError;
    readonly InvalidGrant: OAuthError;
    readonly InvalidClientAuth: OAuthError;
  };

  /** A key whose private half is elsewhere. */
  export class ExternalSigningKey {
    get kid(): string;
    get alg(): string;
    keyObject(): KeyObject;
    sign(data: Uint8Array): Promise<Uint8Array>;
  }

  /** The answer as it is once `next` has made it; of an OAuth error it has these fields. */
  export type Middleware = (
    context: { readonly body?: { readonly error?: string; error_description?: string } },
    next: () => Promise<void>,
  ) => Promise<void>;

  export default class Provider {
    constructor(issuer: string, configuration: object);
    /** Of the request that is being answered. */
    static get ctx(): object | undefined;
    proxy: boolean;
    readonly Client: { readonly prototype: object };
    use(middleware: Middleware): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    /** What is no OAuth error; the library answers it with words of its own. */
    on(
      event: 'server_error',
      listener: (context: { readonly req: IncomingMessage }, error: Error) => void,
    ): this;
    on(event: string, listener: (...values: unknown[]) => void): this;
  }
}
