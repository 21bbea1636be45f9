/** `valid-since`: after a restore, writes into the stage since when challenges, recoveries and the like are good. */
import { Command } from 'commander';
import { withExamples } from '../examples.ts';
import { once } from '../once.ts';
import { print, type Report } from '../report.ts';
import { type Place, placeOf, stageAsItStands, stagesOption, writeStage } from '../stage-file.ts';
import { UsageError } from '../usage-error.ts';

export function validSinceCommand(): Command {
  const validSince = new Command('valid-since')
    .description(
      'For a table that was restored: codes, challenges, recoveries, sessions and proofs from before now end. ' +
        'Writes the time into the stage; it never goes back.',
    )
    .addOption(once('--at <TIME>', 'another time than now, in UTC, for example 2026-03-02T09:00:00Z'))
    .addOption(stagesOption())
    .configureHelp({ showGlobalOptions: true })
    .action(({ at }: { at?: string }, command: Command) => {
      print(command, raise(at, placeOf(command), new Date()));
    });
  return withExamples(validSince, 'valid-since', 'valid-since --stage trial');
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
function raise(at: string | undefined, place: Place, now: Date): Report {
  const { validSince: before } = stageAsItStands<{ validSince: string }>(place);
  const validSince = at ?? now.toISOString().replace(/\.\d+Z$/, 'Z');
  if (Date.parse(validSince) > now.getTime())
    throw new UsageError(`--at ${validSince}: it is to come; whatever begins until then would not work`);
  if (before !== undefined && Date.parse(before) > Date.parse(validSince))
    throw new UsageError(`--at ${validSince}: the stage has ${before}, and what ended by that would be back`);
  const { file, next } = writeStage(['validSince'], validSince, place);
  return {
    value: { validSince, before: before ?? null, file, next },
    text: [`validSince: ${before ?? 'none'} → ${validSince}`, file, `Then: ${next}`].join('\n'),
  };
}
