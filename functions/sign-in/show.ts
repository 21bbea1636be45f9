/** `GET /sign-in/{handle}…`: the page that is due, a function of the session's state and of nothing else. */
import type { WebRoute } from '../../shared/lambda/web.ts';
import type { SignInPage } from '../../shared/pages/sign-in-page.ts';
import { pageAnswer, plainPage } from './answer.ts';
import { choosePage, recoveriesPage } from './choice-pages.ts';
import { dueSession } from './due-session.ts';
import { findSession } from './find-session.ts';
import type { PageContext } from './page-context.ts';
import { contextFor } from './page-context.ts';
import { pageOf } from './page-of.ts';
import type { Ports } from './ports.ts';

/** @param choice a page to choose from, in place of the one that is due, while anything can still be chosen */
const shown =
  (choice?: (context: PageContext) => Promise<SignInPage>): WebRoute<Ports> =>
  async (event, ports) => {
    const now = ports.clock.now();
    const found = await findSession(event, ports);
    if (found === undefined) return plainPage({ page: 'session-over' }, event, now);
    const due = await dueSession(found.session, ports);
    const context = contextFor({ ...found, ...due }, ports);
    const { session } = due;
    const isOver = session.state.at === 'verified' || session.state.at === 'ended';
    const page = choice === undefined || isOver ? await pageOf(context) : await choice(context);
    return pageAnswer(page, session.language, now);
  };

export const show = shown();
export const showWays = shown(choosePage);
export const showRecoveries = shown(recoveriesPage);
