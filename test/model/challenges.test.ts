/**
 * The life of challenges against its model: random sequences of requests, races among them, and a clock that moves.
 *
 * A failure prints its seed and path, and with them what to run: `MODEL_SEED`, `MODEL_PATH` and `MODEL_REPLAY_PATH`
 * make that one run again. `MODEL_MINUTES` goes on for so long with each policy; `MODEL_SHRINK=no` stops at the first
 * failure instead of looking for the shortest.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enrolQuestion } from '../../shared/domain/kba/enrolled-questions.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { backendOn, trusting } from '../support/person.ts';
import { isWhole } from '../support/size.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { answers, clients, operationOf } from './draws.ts';
import type { Draw } from './operations.ts';
import { ask, type Possible, ran, steps } from './run.ts';
import { type Ground, newTrial, type Trial } from './trial.ts';
import { newWorld } from './world.ts';

const minutes = Number(process.env['MODEL_MINUTES'] ?? 0);
const seed = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const path = process.env['MODEL_PATH'];
const replayPath = process.env['MODEL_REPLAY_PATH'];
const runsOfRound = isWhole ? 10 : 2;
/** A slow machine makes fewer rounds. */
const mostRounds = path !== undefined ? 1 : minutes > 0 ? Number.POSITIVE_INFINITY : 1;
const mostMinutes = minutes > 0 ? minutes : 0.2;

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

/** A new address gets codes at once: the hold has tests of its own. */
const enrolment = { ...defaultPolicy.enrolment, holdHours: 0 };

/** As few of everything as the policy's bounds allow, so that short sequences meet every limit. */
const scarce: Policy = {
  ...defaultPolicy,
  securityCodes: 'both',
  ...trusting,
  enrolment,
  otp: { ...defaultPolicy.otp, attempts: 3 },
  lockout: {
    attemptsBeforeWait: 4,
    windowSeconds: 7_200,
    firstWaitSeconds: 30,
    longestWaitSeconds: 240,
    attemptsBeforeStop: 10,
  },
  sends: { ...defaultPolicy.sends, perTenMinutes: 3, perHour: 4, perDay: 5, perUserPerDay: 6 },
  kba: { ...defaultPolicy.kba, tries: 2, windowSeconds: 7_200 },
};
const usual: Policy = { ...defaultPolicy, securityCodes: 'both', ...trusting, enrolment };

async function groundFor(policy: Policy): Promise<Ground> {
  let now = Date.parse('2026-03-02T09:00:00Z');
  const real = backendOn(table, policy);
  // What other names had of an address is told to nobody: a name's own messages decide what its callers see.
  const limiter = { ...real.limiter, tryReserve: async () => true };
  const backend = { ...real, limiter, clock: { now: () => now } };
  const questions = await Promise.all(
    Object.entries(answers).map(([questionId, answer]) =>
      enrolQuestion({ questionId, answer }, backend.keyring),
    ),
  );
  return {
    table,
    backend,
    questions,
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}

let trials = 0;

/** Three names: two of people, one of nobody. What decoys look like has been seen, and all limits are whole. */
async function begin(ground: Ground): Promise<{ model: Possible; real: Trial }> {
  trials += 1;
  const names = ['ada', 'ben', 'nobody'].map((name) => `${name}-${trials}`);
  const trial = newTrial(ground, names);
  const { clock, policy } = ground.backend;
  const possible: Possible = { worlds: [newWorld(policy, clock.now())] };
  for (const user of names) await ask(possible, trial, [{ do: 'start', user, client: clients[0] }]);
  for (const user of [0, 1]) {
    const operation = operationOf({ do: 'enrol', user, contact: 0 } as Draw, trial);
    if (operation) await ask(possible, trial, [operation]);
  }
  ground.advance(8 * 86_400_000);
  return { model: possible, real: trial };
}

describe.each([
  ['few of everything', scarce],
  ['the default policy', usual],
])('with %s', (_, policy) => {
  test(
    'every answer and every count is what the model says',
    async () => {
      const ground = await groundFor(policy);
      const property = fc.asyncProperty(steps(replayPath), async (commands) => {
        const started = await begin(ground);
        await fc.asyncModelRun(() => started, commands);
      });
      const before = trials;
      const end = performance.now() + mostMinutes * 60_000;
      for (let round = 0; round === 0 || (round < mostRounds && performance.now() < end); round += 1) {
        await fc.assert(property, {
          seed: seed + round,
          numRuns: runsOfRound,
          endOnFailure: process.env['MODEL_SHRINK'] === 'no',
          interruptAfterTimeLimit: 60_000, // ends the search for the shortest, not what was found
          ...(path === undefined ? {} : { path }),
        });
      }
      expect(trials).toBeGreaterThan(before);
      if (minutes > 0) console.log(JSON.stringify({ seed, runs: trials, ...ran }));
    },
    (mostMinutes + 2) * 60_000, // what the last round may take
  );
});
