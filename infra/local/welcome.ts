/** Writes the text that `npm start` prints once everything answers. */
import { type Answered, demoUser } from './demo-user.ts';
import { developmentClients, developmentSecret } from './token-issuer/issuer.ts';

/** Its first line, `ready` and the URL, is what programs wait for. */
export function welcome(origin: string, answers: readonly Answered[]): string {
  const clients = Object.entries(developmentClients).map(([id, scope]) => `    ${id.padEnd(20)} ${scope}`);
  return `ready ${origin}

  Access token       curl -s -u credential-provider:${developmentSecret} -d grant_type=client_credentials ${origin}/oauth2/token
  Clients            each with the secret \`${developmentSecret}\` and one scope:
${clients.join('\n')}

  Demonstration user ${demoUser.userId}
    phone            ${demoUser.phone}
    email            ${demoUser.email}
    alternate email  ${demoUser.alternateEmail}
${answers.map(({ questionId, answer }) => `    ${questionId.padEnd(17)}${answer}`).join('\n')}

  Sign-in page       ${origin}/local/demo   (a sample login that sends you there)
  Entra ID           ${origin}/local/entra?user=${demoUser.userId}   (plays Entra asking for the second factor)
  Logon screen       npm run mfa -- sign-in ${demoUser.userId} --api ${origin}

  Outbox             ${origin}/local/outbox   (every SMS, email and call, also in a browser)
  Clock              curl -d '{"advanceSeconds":300}' ${origin}/local/clock

  Ctrl-C stops it.`;
}
