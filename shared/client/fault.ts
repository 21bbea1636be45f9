/** Faults: what never became an answer of the API. Thrown, since no page can do anything about it. */

export type FaultCode =
  /** The network, or the time limit. */
  | 'no-answer'
  /** Something else than this API answered. */
  | 'unexpected-answer'
  /** The token issuer takes these credentials not. */
  | 'token-refused';

export class ClientFault extends Error {
  override readonly name = 'ClientFault';
  readonly code: FaultCode;

  /** @param message holds no secret, name or address */
  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
