/** `help-desk verify-caller NAME`: sends a code that the caller reads out, and gives a proof for the right one. */
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { Client } from '../../../shared/client/client.ts';
import { orThrow, type Problem, ProblemError } from '../../../shared/client/problem.ts';
import type { Operations } from '../../../shared/client/schema.ts';
import { operatorOption, ticketOption } from '../acting.ts';
import { connect } from '../connect.ts';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { print } from '../report.ts';
import { UsageError } from '../usage-error.ts';

interface CallerOptions {
  readonly operator?: string;
  readonly ticket?: string;
  readonly id?: string;
  readonly code?: string;
}

export function verifyCallerCommand(): Command {
  const verify = new Command('verify-caller')
    .description('Sends a code to an address that policy chooses, and asks for what the caller reads out.')
    .argument('<name>', 'who is said to call: any name of the person')
    .addOption(operatorOption())
    .addOption(ticketOption())
    .addOption(once('--id <ID>', 'of a verification that was begun before: nothing is sent'))
    .addOption(once('--code <CODE>', 'what the caller read out; without it, standard input is asked'))
    .configureHelp({ showGlobalOptions: true })
    .action(async (userId: string, options: CallerOptions, command: Command) => {
      const { id, code, operator, ticket } = options;
      if (code !== undefined && id === undefined)
        throw new UsageError('--code needs --id: a new verification has a new code');
      const client = connect(command, 'helpdesk');
      const body = { operator, ticket };
      const started =
        id === undefined
          ? orThrow(await client.request('verifyCaller', { path: { userId }, body }))
          : { callerVerificationId: id };
      if ('destination' in started) console.error(`A code went to ${started.destination}.`);
      const { callerVerificationId } = started;
      const proof =
        code === undefined
          ? await askForCode(callerVerificationId, client)
          : await proofFor(callerVerificationId, code, client);
      print(command, {
        value: { userId, ...started, ...(proof === undefined ? {} : { proof }) },
        text:
          proof === undefined
            ? `No code was typed. Go on with --id ${callerVerificationId}`
            : `The caller is ${userId}. Proof, for one act within 15 minutes:\n  ${proof}`,
      });
    });
  return withExamples(
    verify,
    'help-desk verify-caller alice --operator bob',
    'help-desk verify-caller alice --id ID --code 123456 --json',
  );
}

async function proofFor(callerVerificationId: string, code: string, client: Client): Promise<string> {
  const path = { callerVerificationId };
  const result = await client.request('verifyCallerCode', { path, body: { code } });
  return result.ok ? result.value.proof : refuse(result.problem);
}

type Refused = Problem<Operations['verifyCallerCode']['problem']>;

/** @throws ProblemError that says what the operator does next */
function refuse(problem: Refused): never {
  const next = whatNext(problem);
  throw new ProblemError(next === undefined ? problem : { ...problem, detail: next });
}

function whatNext(problem: Refused): string | undefined {
  const again = 'Without --id a new code is sent.';
  if (problem.code === 'challenge-closed')
    return `This verification is over, was used, or is another client’s. ${again}`;
  if (problem.code === 'attempts-exhausted') return `No attempt is left at this code. ${again}`;
  if (problem.code !== 'code-rejected') return undefined;
  const left = problem.attemptsRemaining;
  return left === 0
    ? `The code is wrong, and no attempt is left. ${again}`
    : `The code is wrong. Attempts left: ${left}.`;
}

const notDigits = 'That is no code: type the digits that the caller reads out.';

/** Asks again after a code that was wrong or none. `undefined` at the end of the input. */
async function askForCode(callerVerificationId: string, client: Client): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin });
  const ask = () => process.stderr.write('Code that the caller reads out: ');
  ask();
  try {
    for await (const code of lines) {
      const path = { callerVerificationId };
      const result = await client.request('verifyCallerCode', { path, body: { code } });
      if (result.ok) return result.value.proof;
      const { problem } = result;
      if (problem.code === 'code-rejected' && problem.attemptsRemaining > 0)
        console.error(`Wrong code. Attempts left: ${problem.attemptsRemaining}`);
      else if (problem.code === 'invalid-request') console.error(notDigits);
      else refuse(problem);
      ask();
    }
    return undefined;
  } finally {
    lines.close();
    console.error();
  }
}
