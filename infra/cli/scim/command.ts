/** `scim add NAME`: a bearer token for a directory, printed once; its hash goes into the stage's file. */
import { createHash, randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { withExamples } from '../examples.ts';
import { group } from '../group.ts';
import { once } from '../once.ts';
import { checkReplacing, replaceOption } from '../replacing.ts';
import { print, type Report } from '../report.ts';
import { type Place, placeOf, stageAsItStands, stagesOption, writeStage } from '../stage-file.ts';

interface AddOptions {
  readonly replace?: boolean;
  readonly tenant?: string;
}

interface Connection {
  readonly name: string;
  readonly tokenSha256: string;
  readonly tenantId?: string | undefined;
}

export const scimCommand = (): Command =>
  group('scim', 'Connects a directory: Entra ID, Okta or another that speaks SCIM 2.0.', [addCommand()]);

function addCommand(): Command {
  const add = new Command('add')
    .description(
      'Prints a bearer token once and writes its hash into the stage. A name that is there gets a new token with ' +
        '--replace, and the old one ends with the deployment.',
    )
    .argument('<name>', 'of the connection, for example entra')
    .addOption(once('--tenant <GUID>', "the tenant's id, for Entra ID"))
    .addOption(replaceOption())
    .addOption(stagesOption())
    .configureHelp({ showGlobalOptions: true })
    .action((name: string, options: AddOptions, command: Command) => {
      print(command, addConnection(name, options, placeOf(command)));
    });
  return withExamples(
    add,
    'scim add entra --tenant 0a1b2c3d-0000-4000-8000-000000000001',
    'scim add okta --replace --stage trial',
  );
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function addConnection(name: string, { tenant, replace }: AddOptions, place: Place): Report {
  const { directory } = stageAsItStands<{ directory: { connections?: readonly Connection[] } }>(place);
  const connections = directory?.connections ?? [];
  const before = connections.find((connection) => connection.name === name);
  const names = connections.map((connection) => connection.name);
  checkReplacing({ name, names, has: before && 'its token ends', replace });
  const token = randomBytes(32).toString('base64url');
  const tokenSha256 = createHash('sha256').update(token).digest('hex');
  const added = { ...before, name, tokenSha256, ...(tenant === undefined ? {} : { tenantId: tenant }) };
  const all = [...connections.filter((connection) => connection !== before), added];
  const { file, next } = writeStage(['directory', 'connections'], all, place);
  return {
    value: { name, token, file, replaced: before !== undefined, next },
    text: [
      `Token of ${name}, shown this once:`,
      `  ${token}`,
      `${file}: ${before === undefined ? 'a new connection' : 'another token for it; the old one ends with the deployment'}`,
      `Then: ${next}`,
    ].join('\n'),
  };
}
