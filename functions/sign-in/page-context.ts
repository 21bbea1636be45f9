/** What the pages of one session are made from. */
import type { Recovery } from '../../shared/domain/recovery/recovery.ts';
import { type Offers, offersFor } from '../../shared/domain/sign-in-session/offers.ts';
import { clientOf, type SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import { stepOf } from '../../shared/domain/sign-in-session/session-secrets.ts';
import type { PageSession } from '../../shared/pages/sign-in-page.ts';
import type { DueSession } from './due-session.ts';
import type { FoundSession } from './find-session.ts';

import { personOf } from './person.ts';
import type { Ports } from './ports.ts';

export interface PageContext {
  readonly handle: string;
  readonly session: SignInSession;
  /** As the pages show it. */
  readonly shown: PageSession;
  readonly client: string;
  readonly ports: Ports;
  /** Of a session that is in one, as it was when the request came. */
  readonly recovery?: Recovery | undefined;
  /** One DynamoDB request. */
  offers(): Promise<Offers>;
}

export function contextFor(
  { handle, session, recovery }: FoundSession & DueSession,
  ports: Ports,
): PageContext {
  const { person, shown = person, return: origin, expiresAt: endsAt } = session;
  return {
    handle,
    session,
    shown: { handle, step: stepOf(session, ports.keyring), person: shown, endsAt },
    client: clientOf(origin),
    ports,
    recovery,
    async offers() {
      const { record } = await personOf(session, ports);
      return offersFor(person, record, origin, ports.keyring, ports, ports.clock.now());
    },
  };
}
