/** `GET`, `POST /not-me/{token}`: the page behind the link in notices, and the stop that its form asks for. */
import { isLinkGood, stopPerson } from '../../shared/domain/enrolment/stop-person.ts';
import { failStep } from '../../shared/domain/recovery/answer-step.ts';
import type { Answer } from '../../shared/http/problem.ts';
import type { WebEvent } from '../../shared/http/web-request.ts';
import type { WebRoute } from '../../shared/lambda/web.ts';
import { faultOf } from '../../shared/log/fault.ts';
import { log } from '../../shared/log/log.ts';
import type { NotMePage } from '../../shared/pages/not-me-page.ts';
import { renderNotMe } from '../../shared/pages/render-not-me.ts';
import { languageOf } from './answer.ts';
import { branding, type Ports } from './ports.ts';

const tokenOf = ({ pathParameters }: WebEvent): string => pathParameters?.['token'] ?? '';

export function notMePage(page: NotMePage, event: WebEvent): Answer {
  const { statusCode, headers, body } = renderNotMe(page, {
    branding,
    language: languageOf(event),
    now: Date.now(), // no time is on these pages
  });
  return { statusCode, headers, body };
}

/** Changes nothing: mail scanners open links. */
export const askNotMe: WebRoute<Ports> = async (event, ports) => {
  const token = tokenOf(event);
  if (!(await isLinkGood(token, ports))) return notMePage({ page: 'link-over' }, event);
  return notMePage({ page: 'not-me', path: `/not-me/${token}` }, event);
};

export const stopByPerson: WebRoute<Ports> = async (event, ports) => {
  const outcome = await stopPerson(tokenOf(event), ports);
  if (outcome.kind === 'over') return notMePage({ page: 'link-over' }, event);
  const { user, recoveries } = outcome;
  log('fallback-stopped', { user, recoveries: recoveries.length });
  // The stop is written, and no step can be answered any more: this only lets clients hear of it at once.
  for (const { recovery, challengeId } of recoveries)
    await failStep(recovery, challengeId, ports, 'Refused').catch((error) => {
      log('request-failed', { route: event.routeKey, fault: faultOf(error) });
    });
  return notMePage({ page: 'stopped' }, event);
};
