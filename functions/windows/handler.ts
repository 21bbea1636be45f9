/** windows: lets an unmodified credential provider sign people in at the logon screen, one typed text at a time. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { policyAt } from '../../shared/domain/policy/windows-group.ts';
import { environmentOf } from '../../shared/environment/configuration.ts';
import { accept, challenge, failed, reject, stillPending } from '../../shared/http/credential-provider.ts';
import type { Answer } from '../../shared/http/problem.ts';
import { door } from '../../shared/lambda/door.ts';
import { log } from '../../shared/log/log.ts';
import { logonText } from '../../shared/messages/logon-screen.ts';
import { resolveLocale } from '../../shared/messages/texts.ts';
import { check } from './check.ts';
import { groupOf, groupsFrom } from './groups.ts';
import { connect, type Ports } from './ports.ts';
import { localeOf, readTyped } from './request.ts';

const environment = environmentOf('windows');
const groups = groupsFrom(environment);
const ofTheEvent = (event: APIGatewayProxyEventV2) =>
  localeOf(event, resolveLocale(environment.DEFAULT_LOCALE, 'en'));

async function answer(event: APIGatewayProxyEventV2, ports: () => Promise<Ports>): Promise<Answer> {
  const locale = ofTheEvent(event);
  const group = groupOf(event.pathParameters?.['deploymentKey'] ?? '', groups);
  if (group === undefined) {
    log('deployment-key-refused', { route: event.routeKey });
    return failed(404, logonText(locale, 'windows.unknown-key'));
  }
  if (event.routeKey.endsWith('/polltransaction')) return stillPending();
  const typed = readTyped(event, group.name, locale);
  if (typed === 'too-large') return failed(413, logonText(locale, 'windows.unreadable'));
  if (typed === 'unreadable') return failed(400, logonText(locale, 'windows.unreadable'));
  const connected = await ports();
  const policy = policyAt(group, connected.policy);
  const { reply, transactionId } = await check(typed, { ...connected, policy });
  switch (reply.kind) {
    case 'accept':
      return accept(logonText(locale, 'windows.accepted'));
    case 'challenge':
      return challenge(transactionId, reply.prompt);
    case 'reject':
      return reject(reply.message);
  }
}

export const handler = door({
  connect,
  answer,
  failed: (event) => failed(503, logonText(ofTheEvent(event), 'windows.failed')),
});
