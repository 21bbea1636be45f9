/** One value of a stage's file, written: the whole stage is checked as it would be, and only then replaced. */
import { relative, resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { jsonOf, readText } from '../configuration/json-file.ts';
import { parseStage, stageFile } from '../configuration/stage.ts';
import { fromHere } from './from-here.ts';
import { setValue } from './json-edit.ts';
import { once } from './once.ts';
import { replaceFile } from './replace-file.ts';
import { UsageError } from './usage-error.ts';

/** Where the stage file is. */
export interface Place {
  readonly stage: string;
  readonly folder?: string | undefined;
}

export const stagesOption = (): Option =>
  once('--stages <PATH>', 'folder of the stage files (default infra/stages)');

/** What the options `--stage` and `--stages` say; `production` where they say nothing. */
export function placeOf(command: Command): Place {
  const { stage = 'production', stages } = command.optsWithGlobals<{ stage?: string; stages?: string }>();
  return { stage, folder: stages === undefined ? undefined : fromHere(stages) };
}

/** The file as it stands, not checked. @throws ConfigurationError where it cannot be read */
export function stageAsItStands<Known>({ stage, folder }: Place): Partial<Known> {
  const file = stageFile(stage, folder);
  return jsonOf(readText(file), file) as Partial<Known>;
}

export interface Written {
  /** The file as seen from here. */
  readonly file: string;
  /** The command that puts it into effect. */
  readonly next: string;
}

/** @throws ConfigurationError where the stage would not be valid with it; nothing was written then */
export function writeStage(path: readonly string[], value: unknown, place: Place): Written {
  const { stage, folder } = place;
  const file = stageFile(stage, folder);
  const text = setValue(readText(file), path, value);
  parseStage(stage, jsonOf(text, file), `Nothing was written: with this, ${file}`);
  replaceStage(file, text);
  return { file: relative(process.cwd(), file), next: deployment(place) };
}

/** @throws UsageError where nobody may */
export function replaceStage(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be written (${code}); nothing was changed`);
  }
}

/** The command that puts a stage's file into effect. */
export function deployment({ stage, folder }: Place): string {
  if (stage === 'local' && folder === undefined) return 'npm start';
  const context = [`stage=${stage}`, ...(folder === undefined ? [] : [`stages=${resolve(folder)}`])];
  const words = context.map((each) => (/\s/.test(each) ? `-c "${each}"` : `-c ${each}`));
  return `npm run deploy -- ${words.join(' ')}`;
}
