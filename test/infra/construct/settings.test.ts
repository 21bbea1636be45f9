/** The settings as types are the fields of the schema: this file does not compile where one has what the other lacks. */
import { expect, it } from 'vitest';
import type { StageConfiguration } from '../../../infra/configuration/schema.ts';
import { parseStage } from '../../../infra/configuration/stage.ts';
import type { FallbackSettings } from '../../../infra/construct/settings.ts';
import production from '../../../infra/stages/production.json' with { type: 'json' };

/** `policy.otp.digits` and so on; lists are looked into. */
type Paths<T> = T extends readonly (infer Each)[]
  ? Paths<Each>
  : T extends object
    ? { [K in keyof T & string]: K | `${K}.${Paths<NonNullable<T[K]>>}` }[keyof T & string]
    : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type ReadOnly<T> = T extends readonly (infer Each)[]
  ? readonly ReadOnly<Each>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadOnly<T[K]> }
    : T;
type Schema = ReadOnly<Omit<StageConfiguration, 'region' | 'account'>>;

/** The schema makes the fields of their texts from the list of languages, and so its type names none. */
type Compared<T> = Omit<T, 'questions'>;

true satisfies Same<Paths<Compared<Schema>>, Paths<Compared<FallbackSettings>>>;
// The schema also knows the countries by name, which the settings leave to it.
true satisfies Compared<Schema> extends Compared<FallbackSettings> ? true : false;

it('take what a stage’s file says, without where it is deployed', () => {
  const { region, ...settings } = production as typeof production & StageConfiguration;
  settings satisfies FallbackSettings;
  expect(parseStage('production', { region, ...settings }, 'a test').organisation).toEqual(
    production.organisation,
  );
});
