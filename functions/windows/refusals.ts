/** What a person reads who may not go on: how long to wait, whom to ask, what else to choose. */
import type { Exhaustion } from '../../shared/domain/attempts/lockout.ts';
import { logonText, waitText } from '../../shared/messages/logon-screen.ts';
import { asOnePiece } from '../../shared/messages/texts.ts';
import type { Ports } from './ports.ts';
import { menu, type Reply, rejected, type Visit } from './visit.ts';

export function exhausted(visit: Visit, { reason, retryAt }: Exhaustion, ports: Ports): Reply {
  const { locale } = visit;
  switch (reason) {
    case 'stopped': {
      const supportContact = asOnePiece(ports.supportContact, locale);
      return rejected(logonText(locale, 'windows.stopped', { supportContact }));
    }
    case 'wait': {
      const duration = waitText((retryAt ?? 0) - ports.clock.now(), locale);
      return rejected(logonText(locale, 'windows.wait', { duration }));
    }
    case 'challenge':
      return over(visit, ports);
  }
}

export function over(visit: Visit, ports: Ports): Reply {
  return menu(visit, ports, logonText(visit.locale, 'windows.over'));
}

export function noMessageBefore({ locale }: Visit, retryAt: number, { clock }: Ports): Reply {
  const duration = waitText(retryAt - clock.now(), locale);
  return rejected(logonText(locale, 'windows.message-wait', { duration }));
}

export const disabled = ({ locale }: Pick<Visit, 'locale'>): Reply =>
  rejected(logonText(locale, 'windows.disabled'));
