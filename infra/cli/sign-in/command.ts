/** `sign-in NAME`: plays the credential provider of a PC in a terminal. */
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { UsageError } from '../usage-error.ts';
import { createProvider } from '../windows/provider/provider.ts';
import { LogonCrash } from '../windows/provider/response.ts';
import { playLogon } from './play.ts';
import { watched } from './watched.ts';

interface Given {
  readonly api?: string;
  readonly path?: string;
  readonly realm?: string;
  readonly language?: string;
}

export function signInCommand(): Command {
  const signIn = new Command('sign-in')
    .description('Signs in as the credential provider of a PC does, one typed text at a time.')
    .argument('<name>', 'what the person types as the user name')
    .addOption(once('--path <PATH>', 'the entry of the registry (default /windows/local)'))
    .addOption(once('--realm <REALM>', 'the entry default_realm'))
    .addOption(once('--language <TAG>', 'the entry header_accept_language (default en-us)'))
    .configureHelp({ showGlobalOptions: true })
    .action(async (name: string, _: object, command: Command) => {
      const { api, path = '/windows/local', realm, language } = command.optsWithGlobals<Given>();
      const origin = (api ?? `http://127.0.0.1:${process.env['PORT'] || 3000}`).replace(/\/$/, '');
      const url = origin + path;
      const settings = { url, realm, headerAcceptLanguage: language, computer: 'TERMINAL' };
      const provider = createProvider(
        settings,
        watched(fetch, (what) => console.error(what)),
      );
      if (!(await play(provider, name))) process.exitCode = 1;
    });
  return withExamples(signIn, 'sign-in alice', 'sign-in alice --api https://… --path /windows/…');
}

async function play(provider: Parameters<typeof playLogon>[0], name: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = lines[Symbol.asyncIterator]();
  try {
    return await playLogon(provider, name, {
      show: (line) => console.log(line),
      async ask(question) {
        process.stderr.write(question);
        const { value, done } = await typed.next();
        return done === true ? undefined : (value as string);
      },
    });
  } catch (error) {
    if (error instanceof LogonCrash)
      throw new UsageError(`a PC's logon would have ended here: ${error.message}`);
    throw error;
  } finally {
    lines.close();
  }
}
