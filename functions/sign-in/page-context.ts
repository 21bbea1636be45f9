/** What the pages of one session are made from. */
import { type Offers, offersFor } from '../../shared/domain/sign-in-session/offers.ts';
import { clientOf, type SignInSession } from '../../shared/domain/sign-in-session/session.ts';
import { stepOf } from '../../shared/domain/sign-in-session/session-secrets.ts';
import type { PageSession } from '../../shared/pages/sign-in-page.ts';
import type { FoundSession } from './find-session.ts';
import { recordOf } from './person.ts';
import type { Ports } from './ports.ts';

export interface PageContext {
  readonly handle: string;
  readonly session: SignInSession;
  /** As the pages show it. */
  readonly shown: PageSession;
  readonly client: string;
  readonly ports: Ports;
  /** One DynamoDB request. */
  offers(): Promise<Offers>;
}

export function contextFor({ handle, session }: FoundSession, ports: Ports): PageContext {
  const { person, shown = person, return: origin, expiresAt: endsAt } = session;
  return {
    handle,
    session,
    shown: { handle, step: stepOf(session, ports.keyring), person: shown, endsAt },
    client: clientOf(origin),
    ports,
    offers: async () => offersFor(person, await recordOf(person, ports), origin, ports.keyring, ports),
  };
}
