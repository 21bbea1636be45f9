/** `clients add NAME`: a client of the sign-in page, whose secret is printed once; its hash goes into the stage's file. */
import { createHash, randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { withExamples } from '../examples.ts';
import { group } from '../group.ts';
import { once } from '../once.ts';
import { print, type Report } from '../report.ts';
import { type Place, placeOf, stageAsItStands, stagesOption, writeStage } from '../stage-file.ts';
import { UsageError } from '../usage-error.ts';

interface AddOptions {
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
  group('clients', 'Registers applications that send people to the sign-in page.', [addCommand()]);

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
    .addOption(stagesOption())
    .configureHelp({ showGlobalOptions: true })
    .action((id: string, options: AddOptions, command: Command) => {
      print(command, addClient(id, options, placeOf(command)));
    });
  return withExamples(
    add,
    'clients add portal --title "Example Portal" --redirect-uri https://portal.example.com/callback',
    'clients add portal --stage trial',
  );
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function addClient(id: string, { title, redirectUri: redirectUris }: AddOptions, place: Place): Report {
  const { oidc } = stageAsItStands<{ oidc: { clients?: readonly SignInClient[] } }>(place);
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
  const all = [...clients.filter((client) => client !== before), added];
  const { file, next } = writeStage(['oidc', 'clients'], all, place);
  return {
    value: { clientId: id, clientSecret: secret, file, replaced: before !== undefined, next },
    text: [
      `Secret of ${id}, shown this once:`,
      `  ${secret}`,
      `${file}: ${before === undefined ? 'a new client' : 'another secret for it'}`,
      `Then: ${next}`,
    ].join('\n'),
  };
}
