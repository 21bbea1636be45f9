/** `POST /sign-in/{handle}`: does what a form asks for, once, and leads to the page that is due then. */

import { sameDigest } from '../../shared/domain/crypto/digest.ts';
import { digest, idempotencyOf } from '../../shared/domain/identifiers/request-id.ts';
import { changeSession, type SessionChange } from '../../shared/domain/sign-in-session/change-session.ts';
import type { SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import { stepOf } from '../../shared/domain/sign-in-session/session-secrets.ts';
import type { Answer } from '../../shared/http/problem.ts';
import { fieldOf, readWebForm, type WebEvent } from '../../shared/http/web-request.ts';
import type { WebRoute } from '../../shared/lambda/web.ts';
import { faultOf } from '../../shared/log/fault.ts';
import { log } from '../../shared/log/log.ts';
import { type SignInAct, signInFields } from '../../shared/pages/sign-in-form.ts';
import { pageAnswer, plainPage, toSession } from './answer.ts';
import { answerQuestions } from './answer-questions.ts';
import { beginRecovery } from './begin-recovery.ts';
import { dueSession } from './due-session.ts';
import { findSession } from './find-session.ts';
import type { Form } from './form.ts';
import { contextFor } from './page-context.ts';
import type { Ports } from './ports.ts';
import { redeemTyped } from './redeem-code.ts';
import { resend, sendBy } from './send-code.ts';
import { verifyTyped } from './verify-code.ts';

type Act = (form: Form) => Promise<SessionChange>;

const acts: Readonly<Record<SignInAct, Act>> = {
  method: sendBy,
  code: (form) => (form.session.state.at === 'backup-code' ? redeemTyped(form) : verifyTyped(form)),
  resend,
  recovery: beginRecovery,
  answers: answerQuestions,
  'backup-code': redeemTyped,
  'give-up': giveUp,
};

export const act: WebRoute<Ports> = async (event, ports) => {
  const now = ports.clock.now();
  if (isForeign(event, ports.issuer)) return plainPage({ page: 'error', reason: 'foreign-form' }, event, now);
  const read = readWebForm(event);
  const wanted = read.kind === 'form' ? fieldOf(read.fields, 'act') : undefined;
  if (read.kind !== 'form' || wanted === undefined || !Object.hasOwn(signInFields, wanted))
    return plainPage({ page: 'error', reason: 'bad-form' }, event, now);
  const found = await findSession(event, ports);
  if (found === undefined) return plainPage({ page: 'session-over' }, event, now);
  const { handle } = found;
  const { session, recovery } = await dueSession(found.session, ports);
  const isOver = session.state.at === 'verified' || session.state.at === 'ended';
  const step = fieldOf(read.fields, 'step') ?? '';
  // Of a page that shows something older, or that another site made up: nothing is done, and what is due is shown.
  if (isOver || !sameDigest(step, stepOf(session, ports.keyring))) return toSession(handle);
  const key = `${session.revision} ${wanted}`;
  const idempotency = idempotencyOf(`page ${session.id}`, '', key, read.fields.toString());
  const form = {
    ...contextFor({ handle, session, recovery }, ports),
    fields: read.fields,
    idempotency,
    request: digest(idempotency.key + idempotency.body),
  };
  return perform(acts[wanted as SignInAct], form, event);
};

async function perform(wanted: Act, form: Form, { routeKey }: WebEvent): Promise<Answer> {
  const { session, ports, handle } = form;
  try {
    await changeSession(session, await wanted(form), ports.sessions);
    return toSession(handle);
  } catch (error) {
    log('request-failed', { route: routeKey, fault: faultOf(error) });
    return outOfOrder(form);
  }
}

/** How long the page tries to note the fault; the person is waiting. */
const notingMilliseconds = 1_000;

/** Nothing was accepted: the page says so, and that the same can be tried again. */
async function outOfOrder({ ports, session, handle }: Form): Promise<Answer> {
  const noting = changeSession(session, { problem: { kind: 'unavailable' } }, ports.sessions);
  const late = new Promise<SignInSession>((resolve) =>
    setTimeout(resolve, notingMilliseconds, session).unref(),
  );
  const noted = await Promise.race([noting, late]).catch(() => session);
  const { shown } = contextFor({ handle, session: noted }, ports);
  return pageAnswer({ page: 'out-of-order', session: shown }, session.language, ports.clock.now());
}

/** Whoever gives up because something here is out of order has not refused anything. */
async function giveUp({ session, client }: Form): Promise<SessionChange> {
  const end = session.problem?.kind === 'unavailable' ? 'unavailable' : 'gave-up';
  log('sign-in-ended', { client, session: session.id, end });
  return { state: { at: 'ended', end } };
}

/** Browsers say where a form comes from, by one header or the other. What says nothing has the step to show. */
function isForeign({ headers }: WebEvent, issuer: string): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined) return origin !== new URL(issuer).origin;
  return site !== undefined && site !== 'same-origin';
}
