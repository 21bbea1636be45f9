/** Conformance: the directory's door before a tester of SCIM that others wrote. */
import { checkScim, tester } from '../conformance/scim.ts';
import { startStack } from '../stack.ts';
import type { Measurement } from './measurement.ts';

/** Somebody is always enabled or not, so what removes `active` makes it true. */
const knownFault = "PATCH modify() did not remove attribute 'active'";

export const conformance: Measurement = {
  name: 'conformance',
  rows: [
    {
      id: 'conformance.scim',
      promise: 'A tester of SCIM that others wrote finds no fault but one that is meant',
      how: `${tester} from PyPI, which \`npm run conformance\` runs too: discovery, creating, reading, replacing and removing people, and a PATCH of every attribute; it also removes \`active\`, which becomes true here`,
    },
  ],

  async measure({ quick }, progress) {
    // It would need Python and PyPI, which continuous integration may lack.
    if (quick) return { 'conformance.scim': { figure: 'left out of small sizes', holds: undefined } };
    const stack = await startStack();
    try {
      const lines = await checkScim(stack.origin);
      const [faults, counts = 'no answer'] = [lines.slice(0, -1), lines.at(-1)];
      for (const fault of faults) progress(fault);
      const unknown = faults.filter((fault) => !fault.includes(knownFault));
      return {
        'conformance.scim': {
          figure: `${counts}${faults.length === 0 ? '' : ` (${faults.join('; ')})`}`,
          holds: unknown.length === 0 && /\d success/.test(counts),
        },
      };
    } finally {
      await stack.stop();
    }
  },
};
