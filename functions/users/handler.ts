/** users: enrols, reads, lists, removes and unlocks the people who may use the fallback. */
import { api } from '../../shared/lambda/api.ts';
import { approve } from './approve.ts';
import { change } from './change.ts';
import { enrol } from './enrol.ts';
import { explain } from './explain.ts';
import { list, readiness } from './list.ts';
import { connect } from './ports.ts';
import { deliveries, read } from './read.ts';
import { remove } from './remove.ts';
import { readRestrictions, restrict } from './restrict.ts';
import { unlock } from './unlock.ts';

export const handler = api('users', connect, {
  'PUT /v1/users/{userId}': enrol,
  'PATCH /v1/users/{userId}': change,
  'GET /v1/users/{userId}': read,
  'GET /v1/users': list,
  'GET /v1/readiness': readiness,
  'DELETE /v1/users/{userId}': remove,
  'POST /v1/users/{userId}/unlock': unlock,
  'POST /v1/users/{userId}/approvals': approve,
  'GET /v1/users/{userId}/deliveries': deliveries,
  'GET /v1/users/{userId}/explanation': explain,
  'GET /v1/restrictions': readRestrictions,
  'PUT /v1/restrictions': restrict,
});
