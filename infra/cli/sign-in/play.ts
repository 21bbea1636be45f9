/** Plays a logon at the screen of a PC in a terminal: what the credential provider shows, and what a person types. */
import type { Provider, Screen } from '../windows/provider/provider.ts';

export interface Terminal {
  /** A line of the screen. */
  show(line: string): void;
  /** What the person types next; `undefined` at the end of the input. */
  ask(question: string): Promise<string | undefined>;
}

/** @returns whether the person came to the password */
export async function playLogon(provider: Provider, user: string, terminal: Terminal): Promise<boolean> {
  let screen = await provider.begin(user);
  for (;;) {
    for (const line of linesOf(screen)) terminal.show(line);
    if (screen.step === 'password') return true;
    if (screen.step === 'name') return false;
    const typed = await terminal.ask('Code: ');
    if (typed === undefined) return false;
    screen = await provider.type(typed);
  }
}

function linesOf(screen: Screen): string[] {
  switch (screen.step) {
    case 'password':
      return ['Accepted. Windows asks for the password now, and checks it as always.'];
    case 'name':
      return [screen.error];
    case 'code':
      return [screen.error ?? screen.prompt];
  }
}
