/** The cost of a warm request: the functions against the floor, in interleaved rounds. */
import { randomBytes } from 'node:crypto';
import { deriveKeyring, kmsClient } from '../../shared/aws/kms.ts';
import { clock, tableOf } from '../../shared/composition/core.ts';
import { rightCode } from '../../shared/domain/challenge/winning-attempt.ts';
import { enrolUser } from '../../shared/domain/enrolment/enrol-user.ts';
import { slotOf } from '../../shared/domain/identifiers/challenge-id.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
import { challengeKeyOf } from '../../shared/domain/user-record/challenge.ts';
import { keyVersions } from '../../shared/environment/configuration.ts';
import { nameStore } from '../../shared/store/names.ts';
import { userStore } from '../../shared/store/users.ts';
import { anotherCode } from '../support/person.ts';
import { type Measurement, measure, median } from './load.ts';

type Operation = 'issue' | 'reject' | 'verify';

export interface Row {
  readonly operation: Operation;
  readonly callers: number;
  readonly subject: Measurement;
  readonly floor: Measurement;
}

const challengeKey = challengeKeyOf('web-login', { purpose: 'sign-in', slot: slotOf({}) });

/** @param env what the engine told, set in this process too. */
export async function measureWarm(
  env: Record<string, string>,
  ports: { readonly subject: number; readonly floor: number },
  settings: { readonly rounds: number; readonly requests: number; readonly callers: readonly number[] },
  progress: (line: string) => void,
): Promise<Row[]> {
  const table = tableOf({ TABLE_NAME: 'fallback' });
  const users = userStore(table, defaultPolicy, clock);
  const keyring = await deriveKeyring(kmsClient(), keyVersions(env['PEPPER_KEYS'] as string));
  const enrolment = {
    users,
    names: nameStore(table),
    sameNames: [],
    keyring,
    clock,
    policy: defaultPolicy,
    notices: { send: async () => {} },
  };
  let people = 0;
  const enrol = async () => {
    people += 1;
    const userId = `bench-${people}-${randomBytes(3).toString('hex')}`;
    const number = `+1202${String(5_550_000 + people)}`;
    await enrolUser(
      { userId, phone: { number, country: 'US' }, email: `${userId}@example.com` },
      true,
      enrolment,
    );
    return userId;
  };

  const samples = new Map<string, { subject: Measurement[]; floor: Measurement[] }>();
  const add = (key: string, who: 'subject' | 'floor', measurement: Measurement) => {
    const found = samples.get(key) ?? { subject: [], floor: [] };
    found[who].push(measurement);
    samples.set(key, found);
  };
  for (let round = 0; round <= settings.rounds; round += 1) {
    for (const callers of settings.callers) {
      const ids = [];
      for (let count = 0; count < settings.requests + callers; count += 1) ids.push(await enrol());
      const issues = ids.map((userId) => JSON.stringify({ userId, method: 'SMS' }));
      const floorVerifies = ids.map((userId) => JSON.stringify({ userId, code: '123456' }));
      const answers: string[] = [];
      const measured: [string, 'subject' | 'floor', Measurement][] = [];
      measured.push(['issue', 'floor', await measure(ports.floor, '/issue', issues, callers)]);
      measured.push(['issue', 'subject', await measure(ports.subject, '/issue', issues, callers, answers)]);
      const [verifies, rejects]: [string[], string[]] = [[], []];
      for (const [place, userId] of ids.entries()) {
        const record = (await findPerson(userId, enrolment)).record;
        const challenge = record.challenges[challengeKey];
        if (challenge === undefined) throw new Error('an issued challenge is not there');
        const { challengeId } = JSON.parse(answers[place] as string) as { challengeId: string };
        const code = rightCode(challenge, keyring);
        verifies.push(JSON.stringify({ challengeId, code }));
        rejects.push(JSON.stringify({ challengeId, code: anotherCode(code) }));
      }
      measured.push(['reject', 'floor', await measure(ports.floor, '/reject', floorVerifies, callers)]);
      measured.push(['reject', 'subject', await measure(ports.subject, '/reject', rejects, callers)]);
      measured.push(['verify', 'floor', await measure(ports.floor, '/verify', floorVerifies, callers)]);
      measured.push(['verify', 'subject', await measure(ports.subject, '/verify', verifies, callers)]);
      // The first round warms up.
      if (round > 0)
        for (const [operation, who, measurement] of measured)
          add(`${operation} ${callers}`, who, measurement);
    }
    progress(round === 0 ? 'warmed up' : `round ${round} of ${settings.rounds}`);
  }
  return Array.from(samples, ([key, { subject, floor }]) => {
    const [operation, callers] = key.split(' ') as [Operation, string];
    return { operation, callers: Number(callers), subject: medians(subject), floor: medians(floor) };
  });
}

function medians(measurements: readonly Measurement[]): Measurement {
  const of = (field: keyof Measurement) => median(measurements.map((measurement) => measurement[field]));
  return { cpu: of('cpu'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') };
}
