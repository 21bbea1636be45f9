/** `valid-since`: after a restore, writes into the stage since when challenges, recoveries and the like are good. */
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
import { UsageError } from '../usage-error.ts';

interface Options {
  readonly stage?: string;
  readonly stages?: string;
  readonly at?: string;
}

export function validSinceCommand(): Command {
  const validSince = new Command('valid-since')
    .description(
      'For a table that was restored: codes, challenges, recoveries, sessions and proofs from before now end. ' +
        'Writes the time into the stage; it never goes back.',
    )
    .addOption(once('--at <TIME>', 'another time than now, in UTC, for example 2026-03-02T09:00:00Z'))
    .addOption(once('--stages <PATH>', 'folder of the stage files (default infra/stages)'))
    .configureHelp({ showGlobalOptions: true })
    .action((_, command: Command) => {
      print(command, raise(command.optsWithGlobals<Options>(), new Date()));
    });
  return withExamples(validSince, 'valid-since', 'valid-since --stage trial');
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function raise({ stage = 'production', stages: folder, at }: Options, now: Date): Report {
  const file = stageFile(stage, folder);
  const text = readText(file);
  const { validSince: before } = jsonOf(text, file) as { validSince?: string };
  const validSince = at ?? now.toISOString().replace(/\.\d+Z$/, 'Z');
  const after = setValue(text, ['validSince'], validSince);
  parseStage(stage, jsonOf(after, file), file);
  if (Date.parse(validSince) > now.getTime())
    throw new UsageError(`--at ${validSince}: it is to come; whatever begins until then would not work`);
  if (before !== undefined && Date.parse(before) > Date.parse(validSince))
    throw new UsageError(`--at ${validSince}: the stage has ${before}, and what ended by that would be back`);
  replaceFile(file, after);
  const next = deployment({ stage, folder });
  return {
    value: { validSince, before: before ?? null, file: relative(process.cwd(), file), next },
    text: [
      `validSince: ${before ?? 'none'} → ${validSince}`,
      relative(process.cwd(), file),
      `Then: ${next}`,
    ].join('\n'),
  };
}
