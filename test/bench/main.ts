/** `npm run bench`: measures, prints the tables and writes them to docs/performance.md. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleFunctions } from '../../infra/bundles.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/policy/policy.ts';
import { start } from './children.ts';
import { measureCold } from './cold.ts';
import { send } from './load.ts';
import { heaviestPage, walkPages } from './pages.ts';
import { report, type Settings, usualSettings } from './report.ts';
import { measureWarm } from './warm.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: String(usualSettings.rounds) },
    requests: { type: 'string', default: String(usualSettings.requests) },
    cold: { type: 'string', default: String(usualSettings.cold) },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench -- [--rounds ${usualSettings.rounds}] [--requests ${usualSettings.requests}] [--cold ${usualSettings.cold}] [--write]

  --rounds    interleaved rounds of warm requests, after one that warms up
  --requests  requests in each round, operation and number of callers
  --cold      cold starts of each function
  --write     write the tables to docs/performance.md`);
  process.exit();
}

/** Everything on, so that every function has something to do. */
const policy: Policy = {
  ...defaultPolicy,
  forgotPhone: { enabled: true, method: 'kba', usersSelect: true },
  securityCodes: 'both',
};
const progress = (line: string) => console.error(`bench: ${line}`);
progress('bundling');
await bundleFunctions();
const engine = await start<Record<string, string>>('engine.ts', {});
const env: Record<string, string> = {
  ...engine,
  URL_SUFFIX: 'amazonaws.com',
  FALLBACK_POLICY: JSON.stringify(policy),
  RECOVERY_MACHINE_ARN: 'arn:aws:states:eu-central-1:000000000000:stateMachine:recovery',
  CLIENT_ID_CLAIM: 'client_id',
  ASSERTION_ISSUER: 'https://api.example.com',
  DEFAULT_LOCALE: 'en',
  DECOY_EMAIL_DOMAIN: 'example.com',
  ORGANISATION_NAME: 'Example',
  SUPPORT_CONTACT: 'help desk',
  OIDC_CLIENTS: JSON.stringify([
    {
      id: 'web-login',
      name: 'Portal',
      redirectUris: ['https://portal.example.com/callback'],
      secretSha256: '25bf8e1a2393f1108d37029b3df5593236c755742ec93465bbafa9b290bddcf6', // of `local`
    },
  ]),
  SMS_MAX_PRICE_USD: '0.2',
  PACES: '{}',
  CALLS_AT_ONCE: '10',
  EMAIL_FROM: 'no-reply@example.com',
};
Object.assign(process.env, env);
const subject = await start<{ port: number }>('subject.ts', env);
const floor = await start<{ port: number }>('floor.ts', env);
const settings: Settings = {
  rounds: Number(values.rounds),
  requests: Number(values.requests),
  cold: Number(values.cold),
};
const warmSettings = { ...settings, callers: [1, 16, 64] };
const warm = await measureWarm(env, { subject: subject.port, floor: floor.port }, warmSettings, progress);
const issue = (userId: string) => send(subject.port, '/issue', JSON.stringify({ userId, method: 'SMS' }));
const cold = await measureCold(env, issue, settings.cold, progress);

progress('pages');
const pages = await walkPages();

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
const text = report({ warm, cold, pages, heaviest: heaviestPage(), machine, settings });
console.log(text);
if (values.write) writeFileSync(fileURLToPath(new URL('../../docs/performance.md', import.meta.url)), text);
process.exit();
