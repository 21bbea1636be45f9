import { spawn } from 'node:child_process';
import { statSync, readdirSync } from 'node:fs';
import { bundleFunctions } from '../../infra/bundles.ts';
import { start } from './children.ts';
import { apiEvent, webEvent } from './event.ts';
import { defaultPolicy } from '../../shared/domain/policy/policy.ts';
const out = '/tmp/oidc-cold/bundles';
await bundleFunctions(out);
const engine = await start<Record<string,string>>('engine.ts', {});
const env: Record<string,string> = { ...engine, URL_SUFFIX:'amazonaws.com', FALLBACK_POLICY: JSON.stringify({...defaultPolicy}), RECOVERY_MACHINE_ARN:'arn:aws:states:eu-central-1:000000000000:stateMachine:recovery', CLIENT_ID_CLAIM:'client_id', ASSERTION_ISSUER:'https://api.example.com', DEFAULT_LOCALE:'en', DECOY_EMAIL_DOMAIN:'example.com', ORGANISATION_NAME: 'Example', SUPPORT_CONTACT: 'help', PATH: process.env.PATH!, OIDC_CLIENTS: JSON.stringify([{ id: 'web-login', name: 'P', redirectUris: ['https://portal.example.com/callback'], secretSha256: '25bf8e1a2393f1108d37029b3df5593236c755742ec93465bbafa9b290bddcf6' }]) };
const runs: Record<string, number[]> = {};
const one = (name: string, file: string, event: unknown) => new Promise<void>((res) => {
  const c = spawn(process.execPath, ['test/bench/cold-run.cjs', file, JSON.stringify(event)], { env, stdio: ['ignore','pipe','inherit','pipe'] });
  let t='', o=''; c.stdout!.on('data',(d)=>{o+=d}); (c.stdio[3] as any).on('data',(d: Buffer)=>{t+=d}); c.on('close',(code)=>{ if (code===0 && !o.includes('request-failed')) (runs[name]??=[]).push(Number(t)); else console.log(name, code, o.slice(0,300)); res(); });
});
const nobody = 'A'.repeat(43);
for (let i=0;i<Number(process.argv[2] ?? 15);i++) {
  await one('issue-otp', out+'/issue-otp/index.js', apiEvent('POST /v1/otp-challenges', JSON.stringify({userId:'cold'})));
  await one('oidc par', out+'/oidc/index.mjs', webEvent('POST /oidc/par', { response_type:'code', client_id:'web-login', redirect_uri:'https://portal.example.com/callback', scope:'openid', login_hint:'cold', code_challenge: nobody, code_challenge_method:'S256' }));
  await one('oidc discovery', out+'/oidc/index.mjs', webEvent('GET /.well-known/openid-configuration', {}));
  await one('sign-in', out+'/sign-in/index.js', webEvent('GET /oidc/authorize', {}, `client_id=web-login&request_uri=urn:ietf:params:oauth:request_uri:${nobody}`));
}
for (const [n, v] of Object.entries(runs)) { const s=v.toSorted((a,b)=>a-b); console.log(n, v.length, 'median', s[s.length>>1]!.toFixed(0), 'min', s[0]!.toFixed(0)); }
for (const f of ['issue-otp','oidc','sign-in']) console.log(f, readdirSync(out+'/'+f).map((x)=>x+' '+Math.round(statSync(out+'/'+f+'/'+x).size/1000)).join(', '));
process.exit();
