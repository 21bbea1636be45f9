/** What a person is asked at a step of a recovery. */
import { readChallenge } from '../../shared/domain/challenge/read-challenge.ts';
import type { Recovery } from '../../shared/domain/recovery/recovery.ts';
import type { Prompt } from '../../shared/http/credential-provider.ts';
import { inOneLine, logonText } from '../../shared/messages/logon-screen.ts';
import { promptFor } from '../../shared/messages/texts.ts';
import type { Ports } from './ports.ts';
import { againOnly, type Visit } from './visit.ts';

/** `undefined` where the step is over. */
export async function stepPrompt(
  visit: Visit,
  answered: number,
  { step }: Recovery,
  leads: readonly string[],
  ports: Ports,
): Promise<Prompt | undefined> {
  const { locale, client } = visit;
  switch (step?.type) {
    case 'kba': {
      const asked = step.questions[answered];
      if (asked === undefined) return moment(visit);
      const values = { number: answered + 1, count: step.questions.length, question: asked.text };
      const question = logonText(locale, 'windows.question', values);
      return { type: 'question', message: inOneLine(...leads, question) };
    }
    case 'otp': {
      const found = await readChallenge(step.challengeId, client, ports);
      if (found === undefined) return undefined;
      const values = { prompt: promptFor(locale, found.destination), choices: againOnly(visit) };
      return { type: 'email', message: inOneLine(...leads, logonText(locale, 'windows.switch', values)) };
    }
    case undefined:
    // No recovery that begins at a logon screen asks for these.
    case 'choose':
    case 'backup-code':
      return moment(visit);
  }
}

/** The workflow is on its way to the next step. */
function moment({ locale }: Visit): Prompt {
  return { type: 'wait', message: logonText(locale, 'windows.moment') };
}
