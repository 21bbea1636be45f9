/** `clients add NAME`: a client of the sign-in page, whose secret is printed once; its hash goes into the stage's file. */
import { createHash, randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { Command } from 'commander';
import { jsonOf, readText } from '../../configuration/json-file.ts';
import { parseStage, stageFile } from '../../configuration/stage.ts';
import { withExamples } from '../examples.ts';
import { fromHere } from '../from-here.ts';
import { once } from '../once.ts';
import { deployment } from '../policy/change.ts';
import { setValue } from '../policy/json-edit.ts';
import { replaceFile } from '../policy/replace-file.ts';
import { print, type Report } from '../report.ts';
import { UsageError } from '../usage-error.ts';

interface AddOptions {
  readonly stage?: string;
  readonly stages?: string;
  readonly title?: string;
  readonly redirectUri?: readonly string[];
}

interface SignInClient {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly jwks?: unknown;
  readonly jwksUrl?: unknown;
}

export const clientsCommand = (): Command =>
  new Command('clients')
    .description('Registers applications that send people to the sign-in page.')
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addCommand(addCommand());

function addCommand(): Command {
  const add = new Command('add')
    .description(
      'Prints a client secret once and writes its hash into the stage. A client that is there gets a new secret, and ' +
        'the old one ends with the deployment.',
    )
    .argument('<name>', 'its client_id: letters, digits, points, underscores and hyphens')
    .addOption(
      once('--title <TEXT>', 'what people read, for example "Example Portal" (default: its client_id)'),
    )
    .option('--redirect-uri <URL...>', 'where people go back to; needed for a new client')
    .addOption(once('--stages <PATH>', 'folder of the stage files (default infra/stages)'))
    .configureHelp({ showGlobalOptions: true })
    .action((id: string, _, command: Command) => {
      print(command, addClient(id, command.optsWithGlobals<AddOptions>()));
    });
  return withExamples(
    add,
    'clients add portal --title "Example Portal" --redirect-uri https://portal.example.com/callback',
    'clients add portal --stage trial',
  );
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function addClient(
  id: string,
  { stage = 'production', stages, title, redirectUri: redirectUris }: AddOptions,
): Report {
  const folder = stages === undefined ? undefined : fromHere(stages);
  const file = stageFile(stage, folder);
  const text = readText(file);
  const { oidc } = jsonOf(text, file) as { oidc?: { clients?: readonly SignInClient[] } };
  const clients = oidc?.clients ?? [];
  const before = clients.find((client) => client.id === id);
  if (before === undefined && redirectUris === undefined)
    throw new UsageError('--redirect-uri: a new client needs one at least');
  const secret = randomBytes(32).toString('base64url');
  const { jwks: _, jwksUrl: __, ...kept } = before ?? { id, name: title ?? id, redirectUris: [] };
  const added = {
    ...kept,
    ...(title === undefined ? {} : { name: title }),
    ...(redirectUris === undefined ? {} : { redirectUris }),
    secretSha256: createHash('sha256').update(secret).digest('hex'),
  };
  const after = setValue(
    text,
    ['oidc', 'clients'],
    [...clients.filter((client) => client !== before), added],
  );
  parseStage(stage, jsonOf(after, file), file);
  replaceFile(file, after);
  const next = deployment({ stage, folder });
  const written = relative(process.cwd(), file);
  return {
    value: { clientId: id, clientSecret: secret, file: written, replaced: before !== undefined, next },
    text: [
      `Secret of ${id}, shown this once:`,
      `  ${secret}`,
      `${written}: ${before === undefined ? 'a new client' : 'another secret for it'}`,
      `Then: ${next}`,
    ].join('\n'),
  };
}
