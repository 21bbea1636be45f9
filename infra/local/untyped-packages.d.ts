/** The parts that the local stack uses of two packages which ship no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}

declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Client {
    readonly scope?: string;
  }

  /** The slice of Koa's context that a grant handler sees. */
  export interface Context {
    readonly oidc: { readonly client: Client; readonly params: { scope?: string } };
  }

  export const errors: { readonly InvalidScope: new (description: string, scope: string) => Error };

  export default class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    on(event: string, listener: (...values: unknown[]) => void): this;
  }
}
