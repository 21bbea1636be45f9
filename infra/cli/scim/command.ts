/** `scim add NAME`: a bearer token for a directory, printed once; its hash goes into the stage's file. */
import { createHash, randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { Command } from 'commander';
import { jsonOf, readText } from '../../configuration/json-file.ts';
import { parseStage, stageFile } from '../../configuration/stage.ts';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { deployment } from '../policy/change.ts';
import { setValue } from '../policy/json-edit.ts';
import { replaceFile } from '../policy/replace-file.ts';
import { print, type Report } from '../report.ts';

interface AddOptions {
  readonly stage?: string;
  readonly stages?: string;
  readonly tenant?: string;
}

interface Connection {
  readonly name: string;
  readonly tokenSha256: string;
  readonly tenantId?: string | undefined;
}

export const scimCommand = (): Command =>
  new Command('scim')
    .description('Connects a directory: Entra ID, Okta or another that speaks SCIM 2.0.')
    .usage('<command> [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addCommand(addCommand());

function addCommand(): Command {
  const add = new Command('add')
    .description(
      'Prints a bearer token once and writes its hash into the stage. A name that is there gets a new token, and the ' +
        'old one ends with the deployment.',
    )
    .argument('<name>', 'of the connection, for example entra')
    .addOption(once('--tenant <GUID>', "the tenant's id, for Entra ID"))
    .addOption(once('--stages <PATH>', 'folder of the stage files (default infra/stages)'))
    .configureHelp({ showGlobalOptions: true })
    .action((name: string, _, command: Command) => {
      print(command, addConnection(name, command.optsWithGlobals<AddOptions>()));
    });
  return withExamples(
    add,
    'scim add entra --tenant 0a1b2c3d-0000-4000-8000-000000000001',
    'scim add okta --stage trial',
  );
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function addConnection(name: string, { stage = 'production', stages: folder, tenant }: AddOptions): Report {
  const file = stageFile(stage, folder);
  const text = readText(file);
  const { directory } = jsonOf(text, file) as { directory?: { connections?: readonly Connection[] } };
  const connections = directory?.connections ?? [];
  const token = randomBytes(32).toString('base64url');
  const tokenSha256 = createHash('sha256').update(token).digest('hex');
  const before = connections.find((connection) => connection.name === name);
  const added = { ...before, name, tokenSha256, ...(tenant === undefined ? {} : { tenantId: tenant }) };
  const all = [...connections.filter((connection) => connection !== before), added];
  const after = setValue(text, ['directory', 'connections'], all);
  parseStage(stage, jsonOf(after, file), file);
  replaceFile(file, after);
  const next = deployment({ stage, folder });
  return {
    value: { name, token, file: relative(process.cwd(), file), replaced: before !== undefined, next },
    text: [
      `Token of ${name}, shown this once:`,
      `  ${token}`,
      `${relative(process.cwd(), file)}: ${before === undefined ? 'a new connection' : 'another token for it'}`,
      `Then: ${next}`,
    ].join('\n'),
  };
}
