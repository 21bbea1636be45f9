/** generate-backup-code: generates, counts and revokes the backup codes of a user. */
import { countCodes } from '../../shared/domain/backup-codes/count-codes.ts';
import { revokeCodes } from '../../shared/domain/backup-codes/revoke-codes.ts';
import { findPerson } from '../../shared/domain/names/person.ts';
import { actRefused } from '../../shared/http/act-refusal.ts';
import { countsBody } from '../../shared/http/backup-codes.ts';
import { json, nobody, noContent } from '../../shared/http/problem.ts';
import { route } from '../../shared/http/route.ts';
import { isAdministrator } from '../../shared/http/routes.ts';
import { userPath } from '../../shared/http/user-id.ts';
import { api } from '../../shared/lambda/api.ts';
import { log } from '../../shared/log/log.ts';
import { generate } from './generate.ts';
import { connect, type Ports } from './ports.ts';

const count = route({ path: userPath }, async ({ path: { userId } }, ports: Ports) => {
  const counts = await countCodes(userId, ports);
  return counts ? json(200, countsBody(counts)) : nobody();
});

const revoke = route({ path: userPath }, async ({ path: { userId }, token }, ports: Ports) => {
  const { client } = token;
  const person = await findPerson(userId, ports);
  const outcome = await revokeCodes(person, { isAdministrator: isAdministrator(token) }, ports);
  if (outcome === 'not-found') return nobody();
  if (outcome === 'protected') {
    log('backup-codes-refused', { user: person.key, client, reason: outcome });
    return actRefused({ kind: outcome });
  }
  log('backup-codes-revoked', { user: person.key, client });
  return noContent();
});

export const handler = api('generate-backup-code', connect, {
  'POST /v1/users/{userId}/backup-codes': generate,
  'GET /v1/users/{userId}/backup-codes': count,
  'DELETE /v1/users/{userId}/backup-codes': revoke,
});
