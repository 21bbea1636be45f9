/** One part of the evidence in small sizes. */
import { test } from 'vitest';
import { expectSmall, parts } from './small.ts';

test.each(parts[0])('$name', expectSmall, 180_000);
