/** Whether derived codes are as good as drawn ones: each digit as often as any other, at every position. */
import { createHash } from 'node:crypto';
import { codeOf } from '../../shared/domain/challenge/code.ts';
import { keyringOf } from '../../shared/domain/crypto/keyring.ts';
import { grouped, type Measurement } from './measurement.ts';
import { chiSquared } from './statistics.ts';

/** Chi-squared with nine degrees of freedom is above it once in ten thousand. */
const critical = 33.72;
const digits = 6;

export const uniformity: Measurement = {
  name: 'uniformity',
  rows: [
    {
      id: 'uniformity.digits',
      promise: 'Codes that are derived and not drawn are uniform, at every position',
      how: `chi-squared of the ten digits at each of ${digits} positions, nine degrees of freedom, against ${critical} (p = 0.0001); and of the first three digits together`,
    },
  ],

  async measure({ quick, seed }) {
    const codes = quick ? 20_000 : 100_000;
    const bytes = (text: string) => createHash('sha256').update(`${seed} ${text}`).digest();
    const keyring = keyringOf(new Map([[1, bytes('key')]]));
    const counts = Array.from({ length: digits }, () => new Array<number>(10).fill(0));
    const triples = new Array<number>(1_000).fill(0);
    for (let place = 0; place < codes; place += 1) {
      const nonce = bytes(`send ${place}`).subarray(0, 16).toString('base64url');
      const code = codeOf(
        {
          challengeId: `c-${place >> 4}`,
          client: 'web-login',
          purpose: 'sign-in',
          method: 'SMS',
          expiresAt: 0,
          maxAttempts: 5,
          attemptsBefore: 0,
          name: new Uint8Array(),
          sequence: place % 16,
          nonce,
          key: 1,
          digits,
        },
        keyring,
      );
      for (const [position, tally] of counts.entries())
        tally[Number(code[position])] = (tally[Number(code[position])] ?? 0) + 1;
      const triple = Number(code.slice(0, 3));
      triples[triple] = (triples[triple] ?? 0) + 1;
    }
    const statistics = counts.map(chiSquared);
    const worst = Math.max(...statistics);
    // Normal approximation for 999 degrees of freedom.
    const deviation = (chiSquared(triples) - 999) / Math.sqrt(2 * 999);
    return {
      'uniformity.digits': {
        figure: `${statistics.map((statistic) => statistic.toFixed(1)).join(', ')} in ${grouped(codes)} codes; three digits together ${deviation.toFixed(1)} standard deviations off`,
        holds: worst < critical && Math.abs(deviation) < 4,
      },
    };
  },
};
