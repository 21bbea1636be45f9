/** Messages between the process and the worker threads that run the functions. */

export interface WorkerSettings {
  /** Absolute path of the bundle's folder. */
  readonly directory: string;
  /** `file.export`, as Lambda writes it. */
  readonly handler: string;
  /** BigInt64: how far the movable clock is ahead, in milliseconds. */
  readonly clockOffset: SharedArrayBuffer;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
}

export interface Invocation {
  readonly id: number;
  readonly requestId: string;
  /** JSON, parsed inside the worker so that no object is shared. */
  readonly event: string;
  /** Real time in ms since the epoch at which the function times out. */
  readonly deadline: number;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly id: number; readonly payload: string }
  | { readonly kind: 'error'; readonly id: number; readonly payload: string };
