/** The answer to Entra ID: a signed token with one `acr` and one `amr` of those that it asked for, or an error. */
import { entraContextOf } from '../../shared/domain/sign-in-session/entra-hint.ts';
import { entraMethodOf } from '../../shared/domain/sign-in-session/offers.ts';
import type {
  EntraReturn,
  SessionProof,
  SignInSession,
} from '../../shared/domain/sign-in-session/session.ts';
import type { SignInPage } from '../../shared/pages/sign-in-page.ts';
import type { Ports } from './ports.ts';

/** How long after the proof the answer can be taken away, and how long it is good. */
const answerSeconds = 300;

export async function entraAnswer(
  { state }: SignInSession,
  origin: EntraReturn,
  ports: Ports,
): Promise<SignInPage> {
  if (state.at === 'ended') {
    const error = state.end === 'unavailable' ? 'temporarily_unavailable' : 'access_denied';
    return answerPage(origin, state.end, { error });
  }
  if (state.at !== 'verified') throw new Error('the session has no end yet');
  const { proven } = state;
  if (proven.at + answerSeconds * 1000 <= ports.clock.now()) return { page: 'session-over' };
  return answerPage(origin, 'verified', { id_token: await tokenFor(proven, origin, ports) });
}

function answerPage(
  { redirectUri, state }: EntraReturn,
  outcome: Extract<SignInPage, { page: 'answer' }>['outcome'],
  answer: Readonly<Record<string, string>>,
): SignInPage {
  const fields = { ...answer, ...(state === undefined ? {} : { state }) };
  return { page: 'answer', outcome, action: redirectUri, fields, clientName: 'Microsoft' };
}

/** The same bytes each time it is shown: all in it is of the proof, and so is the signature. */
async function tokenFor(
  { proof, at }: SessionProof,
  { clientId, sub, nonce, acrValues, amrValues }: EntraReturn,
  { issuer, signer }: Ports,
): Promise<string> {
  const [acr, amr] = [entraContextOf(acrValues), entraMethodOf(proof, amrValues)];
  if (acr === undefined || amr === undefined) throw new Error('Entra did not ask for this proof');
  const issuedAt = Math.floor(at / 1000);
  const header = { alg: 'RS256', typ: 'JWT', kid: signer.keyId };
  const times = { iat: issuedAt, exp: issuedAt + answerSeconds };
  const claims = { iss: issuer, aud: clientId, sub, nonce, ...times, acr, amr: [amr] };
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${Buffer.from(await signer.sign(input)).toString('base64url')}`;
}
