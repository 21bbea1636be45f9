/** `clients add NAME`: a client of the sign-in page, whose secret is printed once; its hash goes into the stage's file. */
import { createHash, randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { withExamples } from '../examples.ts';
import { group } from '../group.ts';
import { once } from '../once.ts';
import { checkReplacing, replaceOption } from '../replacing.ts';
import { print, type Report } from '../report.ts';
import { type Place, placeOf, stageAsItStands, stagesOption, writeStage } from '../stage-file.ts';
import { UsageError } from '../usage-error.ts';

interface AddOptions {
  readonly replace?: boolean;
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
      'Prints a client secret once and writes its hash into the stage. A client that is there gets a new secret with ' +
        '--replace, and the old one, or its keys, end with the deployment.',
    )
    .argument('<name>', 'its client_id: letters, digits, points, underscores and hyphens')
    .addOption(
      once('--title <TEXT>', 'what people read, for example "Example Portal" (default: its client_id)'),
    )
    .option('--redirect-uri <URL...>', 'where people go back to; needed for a new client')
    .addOption(replaceOption())
    .addOption(stagesOption())
    .configureHelp({ showGlobalOptions: true })
    .action((id: string, options: AddOptions, command: Command) => {
      print(command, addClient(id, options, placeOf(command)));
    });
  return withExamples(
    add,
    'clients add portal --title "Example Portal" --redirect-uri https://portal.example.com/callback',
    'clients add portal --replace --stage trial',
  );
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function addClient(id: string, options: AddOptions, place: Place): Report {
  const { title, redirectUri: redirectUris, replace } = options;
  const { oidc } = stageAsItStands<{ oidc: { clients?: readonly SignInClient[] } }>(place);
  const clients = oidc?.clients ?? [];
  const before = clients.find((client) => client.id === id);
  const keys = before && keysOf(before);
  const has = before && `${keys ?? 'its secret'} ends`;
  checkReplacing({ name: id, names: clients.map((client) => client.id), has, replace });
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
      `${file}: ${before === undefined ? 'a new client' : inPlaceOf(keys)}`,
      `Then: ${next}`,
    ].join('\n'),
  };
}

/** Of a client that has no secret. */
function keysOf({ jwks, jwksUrl }: SignInClient): string | undefined {
  if (jwksUrl !== undefined) return 'its JWKS (jwksUrl)';
  return jwks === undefined ? undefined : 'its JWKS';
}

const inPlaceOf = (keys: string | undefined): string =>
  keys === undefined
    ? 'another secret for it; the old one ends with the deployment'
    : `a secret in place of ${keys}, which ends with the deployment`;
