/** A request of a credential provider, read as it writes them. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readUserId } from '../../shared/domain/identifiers/user-id.ts';
import { visibleLine } from '../../shared/domain/text/visible-line.ts';
import { readForm, type UnreadableForm } from '../../shared/http/form.ts';
import { type Locale, resolveLocale } from '../../shared/messages/texts.ts';
import type { Typed } from './check.ts';

/** `privacyidea-cp/3.8.0.0 Windows/PC-17`: it escapes every space, so that its `+` is one. */
const agent = /^privacyidea-cp\//i;
const computer = /\bWindows\/(\S+)/;
const mostDeviceCharacters = 64;

export function localeOf({ headers }: APIGatewayProxyEventV2, lastResort: Locale): Locale {
  return resolveLocale(headers['accept-language'] ?? '', lastResort);
}

/** `unreadable` also where the name can be nobody's. */
export function readTyped(
  event: APIGatewayProxyEventV2,
  group: string,
  locale: Locale,
): Typed | UnreadableForm {
  const userAgent = event.headers['user-agent'] ?? '';
  const form = readForm(event, agent.test(userAgent));
  if (typeof form === 'string') return form;
  const [user = '', realm = ''] = [form.get('user'), form.get('realm')];
  const name = user === '' ? undefined : readUserId(realm === '' ? user : `${realm}\\${user}`);
  if (name === undefined) return 'unreadable';
  const device = visibleLine(computer.exec(userAgent)?.[1] ?? '', mostDeviceCharacters) || undefined;
  return {
    group,
    name,
    locale,
    device,
    pass: form.get('pass') ?? '',
    transactionId: form.get('transaction_id') ?? '',
  };
}
