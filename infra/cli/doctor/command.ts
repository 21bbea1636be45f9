/** `doctor`: what of a stage's account would keep messages from leaving, each with what to do. It changes nothing. */
import { Command } from 'commander';
import { loadStage } from '../../configuration/stage.ts';
import { withExamples } from '../examples.ts';
import { print, type Report } from '../report.ts';
import { placeOf, stagesOption } from '../stage-file.ts';
import { askAccount } from './ask-account.ts';
import { type Finding, findingsOf } from './findings.ts';

/** Something is missing, or AWS did not say. */
const missing = 1;

export function doctorCommand(): Command {
  const doctor = new Command('doctor')
    .description(
      'Looks at the AWS account of a stage: sandboxes, spend limit, identities, issuer, Connect, quotas. It changes ' +
        'nothing. The exit code is 1 when something is missing.',
    )
    .addOption(stagesOption())
    .configureHelp({ showGlobalOptions: true })
    .action(async (_: object, command: Command) => {
      const { stage: name, folder } = placeOf(command);
      const stage = loadStage(name, { folder });
      const findings = findingsOf(stage, await askAccount(stage));
      print(command, reportOf(name, findings));
      if (findings.some(({ state }) => state !== 'good')) process.exitCode = missing;
    });
  return withExamples(doctor, 'doctor --stage production', 'doctor --stage production --json');
}

function reportOf(stage: string, findings: readonly Finding[]): Report {
  const width = Math.max(...findings.map(({ about }) => about.length));
  const lines = findings.flatMap(({ about, state, found, next }) => [
    `${about.padEnd(width)}  ${state.padEnd('missing'.length)}  ${found}`,
    ...(next === undefined ? [] : [`${' '.repeat(width)}  Next: ${next}`]),
  ]);
  return { text: lines.join('\n'), value: { stage, findings } };
}
