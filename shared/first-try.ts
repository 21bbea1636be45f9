/**
 * The first try of a request, ahead of the SDK's retries.
 *
 * The SDK's retry step prepares for failure before each request: an error with its stack, a random id, two headers.
 * Here the first try goes past it. When that fails, its failure is the first one that the step is shown, and what
 * follows is the SDK's: whether it is repeated, when, and how much of that everybody together may still do.
 */
import type {
  FinalizeHandler,
  FinalizeHandlerArguments,
  HandlerExecutionContext,
  MiddlewareStack,
} from '@smithy/types';

interface Token {
  getRetryCost(): number | undefined;
}

interface Strategy {
  acquireInitialRetryToken(scope: string): Promise<Token>;
  recordSuccess(token: Token): void;
}

type Handler = FinalizeHandler<object, object>;
/** The failure is there until the retry step has seen it. */
type Arguments = FinalizeHandlerArguments<object> & { failure?: unknown };

const past = Symbol('the steps after the retries');

export function withFirstTry(
  stack: MiddlewareStack<object, object>,
  strategyOf: () => Promise<unknown>,
): void {
  const inner = (next: Handler, context: HandlerExecutionContext & { [past]?: Handler }): Handler => {
    // Composed from the last step to the first, so that the outer one finds it.
    context[past] = next;
    return async (args: Arguments) => {
      const { failure } = args;
      if (failure === undefined) return next(args);
      delete args.failure;
      throw failure;
    };
  };
  const outer = (next: Handler, context: HandlerExecutionContext & { [past]?: Handler }): Handler => {
    const direct = context[past] as Handler;
    const succeeded = successOf(strategyOf);
    return async (args) => {
      let failure: unknown;
      try {
        const result = await direct(args);
        await succeeded();
        return result;
      } catch (error) {
        failure = error;
      }
      return next({ ...args, failure } as Arguments);
    };
  };
  const relative = { toMiddleware: 'retryMiddleware' } as const;
  stack.addRelativeTo(inner as never, { ...relative, relation: 'after', name: 'after-retries' });
  stack.addRelativeTo(outer as never, { ...relative, relation: 'before', name: 'first-try' });
}

/** A first try that succeeds earns the retries of others, as it does in the SDK's own step. */
function successOf(strategyOf: () => Promise<unknown>): () => Promise<void> | undefined {
  let record: (() => void) | undefined;
  const find = async () => {
    const strategy = (await strategyOf()) as Strategy;
    const token = await strategy.acquireInitialRetryToken('');
    record = () => strategy.recordSuccess(token);
    record();
  };
  return () => (record ? void record() : find());
}
