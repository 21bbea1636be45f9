/** The pages to choose from: how to get a code, and what there is when none of that works. */

import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import { isOutOfOrder } from '../../shared/domain/delivery/channel-health.ts';
import { type Offers, pathsFor } from '../../shared/domain/sign-in-session/offers.ts';
import type { SessionProblem } from '../../shared/domain/sign-in-session/session.ts';
import type { ChooseWait, OfferedMethod, SignInPage } from '../../shared/pages/sign-in-page.ts';
import type { PageContext } from './page-context.ts';
import type { Ports } from './ports.ts';

/** Nothing is sent before the person has chosen. */
export async function choosePage(context: PageContext): Promise<SignInPage> {
  const { session, shown, client, ports } = context;
  const [{ methods, paths }, open] = await Promise.all([
    context.offers(),
    session.state.at === 'code' ? readChallenge(session.state.challengeId, client, ports) : undefined,
  ]);
  if (methods.length === 0) return recoveriesPage(context);
  return {
    page: 'choose',
    session: shown,
    methods: await withOrder(methods, ports),
    ...(open?.status === 'pending' ? { current: open.method } : {}),
    recoveries: paths.length > 0,
    ...problemOf(session.problem),
  };
}

/**
 * Says of each method whether its carrier is out of order: one DynamoDB request each. Where all are, none is closed:
 * then a try is the only way to find out that one works again.
 */
async function withOrder(
  methods: Offers['methods'],
  { health, clock }: Ports,
): Promise<readonly OfferedMethod[]> {
  const now = clock.now();
  const told = await Promise.all(
    methods.map(async (offered) => {
      const outOfOrder = isOutOfOrder(await health.read(offered.method), now);
      return { ...offered, ...(outOfOrder && { outOfOrder }) };
    }),
  );
  return told.every(({ outOfOrder }) => outOfOrder) ? methods : told;
}

export async function recoveriesPage(context: PageContext): Promise<SignInPage> {
  const { session, shown, ports } = context;
  const paths = pathsFor(session.return, ports.policy);
  const { methods } = await context.offers();
  const back = methods.length > 0;
  if (paths.length === 0) return { page: 'no-way', session: shown, back };
  return { page: 'recoveries', session: shown, paths, back, ...problemOf(session.problem) };
}

function problemOf(problem: SessionProblem | undefined): {
  readonly problem?: 'not-chosen' | 'unavailable' | ChooseWait;
} {
  switch (problem?.kind) {
    case 'not-chosen':
    case 'unavailable':
      return { problem: problem.kind };
    case 'too-many':
    case 'too-early':
      return { problem: { kind: 'too-many', until: problem.until ?? 0 } };
    default:
      return {};
  }
}
