/** The tarball of `npm pack` in a project of its own: types, the page's examples and the sample login, under plain Node. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../documents/pages.ts';
import { installed, plainNode, run } from '../installed.ts';
import { borrowStack, type Stack } from '../stack.ts';
import { dateAhead } from '../support/date-ahead.ts';
import { oneChecker } from '../support/typescript.ts';
import { caller, codeSentTo, enrol } from './people.ts';
import { enrolRecovering, rightAnswers } from './recovering.ts';

let stack: Stack;
let project: string;

beforeAll(async () => {
  project = await installed();
  const page = readFileSync(join(root, 'docs/client.md'), 'utf8');
  for (const [, name = '', code = ''] of page.matchAll(/^```js (\S+)\n([\s\S]*?)^```$/gm))
    writeFileSync(join(project, name), code);
  copyFileSync(join(root, 'docs/examples/login.mjs'), join(project, 'login.mjs'));
  stack = await borrowStack();
  const ahead = (await stack.now()) - Date.now(); // assertions have their time
  writeFileSync(join(project, 'clock.mjs'), `globalThis.Date = (${dateAhead})(${ahead});`);
});
afterAll(() => stack.stop());

/** What Node is told, so that its clock is the stack's. */
const atItsTime = (script: string) => ['--import', './clock.mjs', script];

/** Prints what a script returns, run with the page's environment. */
function script(lines: string, environment: object = {}): unknown {
  writeFileSync(join(project, 'script.mjs'), lines);
  const own = { API: stack.origin, TOKEN_URL: `${stack.origin}/oauth2/token`, CLIENT_SECRET: 'local' };
  return JSON.parse(run(plainNode(), atItsTime('script.mjs'), project, { ...own, ...environment }));
}

test('brings built JavaScript, its types and what they need, and nothing of AWS', () => {
  const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(installed.toSorted()).toEqual(['jose', 'mfa-fallback']);
  const files = readdirSync(join(project, 'node_modules/mfa-fallback'), {
    recursive: true,
    encoding: 'utf8',
  });
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/client/index.js']));
  expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
  expect(readdirSync(join(project, 'node_modules/.bin'))).toEqual(['mfa-fallback']);
});

test('checks under tsc --strict, where a wrong field or an unknown problem is an error', () => {
  writeFileSync(
    join(project, 'strict.ts'),
    `import { type Challenge, createClient, orThrow, type ProblemCode } from 'mfa-fallback/client';
const mfa = createClient({ api: 'https://mfa.example.com', token: () => 'token' });
const challenge: Challenge = orThrow(await mfa.startChallenge({ userId: 'alice' }));
const verified = await mfa.verifyCode(challenge.challengeId, '123456');
if (verified.ok) verified.value.assertion satisfies string | undefined;
else if (verified.problem.code === 'code-rejected') verified.problem.attemptsRemaining satisfies number;
else verified.problem.code satisfies Exclude<ProblemCode, 'code-rejected' | 'not-found' | 'rate-limited'>;
await mfa.request('useBackupCode', { body: { recoveryId: 'one', code: '0' } });
// @ts-expect-error there is no such method
await mfa.startChallenge({ userId: 'alice', method: 'Pigeon' });
// @ts-expect-error a backup code is of a name or of a recovery
await mfa.request('useBackupCode', { body: { code: '0' } });
// @ts-expect-error static codes have no lifetime
await mfa.request('generateBackupCodes', { path: { userId: 'a' }, body: { kind: 'static', expiresInSeconds: 60 } });
`,
  );
  const tsc = join(root, 'node_modules/.bin/tsc');
  const options = ['--strict', '--noEmit', '--module', 'nodenext', ...oneChecker];
  expect(run(tsc, [...options, 'strict.ts'], project)).toBe('');
});

test.each(['check.mjs', 'check-with-jose.mjs'])(
  'the page’s %s accepts an assertion once, and nobody else’s',
  async (example) => {
    const person = await enrol(stack);
    const api = caller(stack);
    const web = { client: 'web-login' } as const;
    const { challengeId } = (await api.start(person.userId, { method: 'Email' }, web)).body;
    const code = await codeSentTo(stack, person.email);
    const { assertion } = (await api.verify(challengeId, code, web)).body;
    const outcomes = script(
      `import { whoSignedIn } from './${example}';
const refused = () => 'refused';
const { ASSERTION, NAME } = process.env;
const outcomes = [];
for (const name of ['somebody-else', NAME, NAME]) outcomes.push(await whoSignedIn(ASSERTION, name).catch(refused));
console.log(JSON.stringify(outcomes));`,
      { ASSERTION: assertion, NAME: person.userId },
    );
    expect(outcomes).toEqual(['refused', person.userId, 'refused']);
  },
);

test('the page’s words.mjs says what a person reads, in their language', () => {
  const said = script(
    `import { words } from './words.mjs';
console.log(JSON.stringify([words('de', 'attempts-left', { count: 2 }), words('en', 'method.SMS')]));`,
  );
  expect(said).toEqual(['Verbleibende Versuche: 2', 'Text message']);
});

test('the page’s recover.mjs goes from choice to assertion', async () => {
  const { userId } = await enrolRecovering(stack);
  const claims = script(
    `import { recover } from './recover.mjs';
const known = JSON.parse(process.env.ANSWERS);
const claims = await recover(process.env.NAME, (step) =>
  step.type === 'choose'
    ? { path: 'kba' }
    : { answers: step.challenge.questions.map(({ questionId }) => ({ questionId, answer: known[questionId] })) });
console.log(JSON.stringify(claims));`,
    { ANSWERS: JSON.stringify(rightAnswers), NAME: userId },
  );
  expect(claims).toMatchObject({ sub: userId, purpose: 'recovery', acr: 'urn:mfa-fallback:acr:kba' });
});

test('the sample login signs somebody in, by the method that they chose', async () => {
  const person = await enrol(stack);
  const login = spawn(plainNode(), atItsTime('login.mjs'), {
    cwd: project,
    env: { ...process.env, NODE_OPTIONS: '', API: stack.origin, LOGIN_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const origin = await originOf(login);
    let cookie = '';
    const send = async (typed: Record<string, string>): Promise<string> => {
      const answer = await fetch(origin, {
        method: 'POST',
        body: new URLSearchParams(typed),
        headers: { cookie },
      });
      cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      return answer.text();
    };
    expect(await send({ user: person.userId, password: 'right' })).toContain('Please enter the code');
    expect(await send({ resend: 'Email' })).toContain('Please wait');
    const code = await codeSentTo(stack, person.phone);
    expect(await send({ code: 'wrong' })).toContain('check what you typed');
    expect(await send({ code: code === '000000' ? '111111' : '000000' })).toContain('4 tries are left');
    expect(await send({ code })).toContain(`Welcome, ${person.userId}. urn:mfa-fallback:acr:otp-pstn`);
  } finally {
    login.kill();
  }
});

/** What it prints once it listens. */
function originOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (stdout === null) throw new Error('its output is not read');
    createInterface({ input: stdout }).on('line', (line) => resolve(line.replace('ready ', '')));
  });
}
