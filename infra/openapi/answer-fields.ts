/** Fields that several answers of the API have. */
import * as z from 'zod/mini';
import { methods } from '../../shared/domain/policy/policy.ts';

export const time = z.iso.datetime();
export const count = z.int().check(z.minimum(0));
export const method = z.enum(methods);
export const codeKind = z.enum(['one-time', 'static']);
