/**
 * What the API promises about challenges, as a model that one can read: pure, and with nothing of how it is kept.
 *
 * `expected` says what an operation must answer and changes the world accordingly. Where the promise leaves room
 * (the id of a new challenge, how a decoy looks, how long beyond ten minutes a replay is known), it is taken from
 * what was `seen`. Times are epoch milliseconds.
 */
import { enrol, generate, remove, unlock } from './administration.ts';
import { ask, check, use, verify } from './guessing.ts';
import type { Operation } from './operations.ts';
import { deliver, resend, start, status } from './sending.ts';
import type { Answer, World } from './world.ts';

/** Changes the world as the operation does, and says what its answer is. */
export function expected(world: World, operation: Operation, seen: Answer): Answer {
  switch (operation.do) {
    case 'start':
      return start(world, operation, seen);
    case 'resend':
      return resend(world, operation, seen);
    case 'status':
      return status(world, operation, seen);
    case 'verify':
      return verify(world, operation, seen);
    case 'deliver':
      return deliver(world);
    case 'ask':
      return ask(world, operation, seen);
    case 'check':
      return check(world, operation, seen);
    case 'generate':
      return generate(world, operation, seen);
    case 'use':
      return use(world, operation, seen);
    case 'unlock':
      return unlock(world, operation);
    case 'enrol':
      return enrol(world, operation);
    case 'remove':
      return remove(world, operation);
  }
}
