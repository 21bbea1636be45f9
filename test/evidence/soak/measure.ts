/** Ten minutes of everything at once, with faults, and the audit of what it left. */
import { stackOf } from '../inside/stack.ts';
import { grouped, type Measurement, noneOf } from '../measurement.ts';
import { ownLimitsOnly, wholePolicy } from '../policies.ts';
import { audit, rules } from './audit.ts';
import { gather } from './gather.ts';
import { asserts, codeIn, type Entry, isRight, isUncertain, type Violation } from './observed.ts';
import { soak as play } from './traffic.ts';

export const soak: Measurement = {
  name: 'soak',
  rows: [
    {
      id: 'soak.violations',
      promise:
        'Under mixed honest and hostile traffic with faults every success has one consumed code, every limit holds, nothing is lost',
      how: `sign-ins, resends, replays, brute force, recoveries, backup codes, disabled people and strangers at once, while requests to every service fail, instances end and the clock jumps; then an audit of the raw table, the carriers, the queues and the log by ${rules.length} rules`,
    },
    {
      id: 'soak.stuck',
      promise: 'After the faults everybody can sign in',
      how: 'the same people, a day later and unlocked by the help desk: one start, one code each',
    },
    {
      id: 'soak.doubled',
      promise: 'A code leaves again only where a reply was lost, an instance ended or the clock moved',
      how: 'codes of the soak that a carrier took more than once, against the disturbances',
    },
  ],

  async measure(settings, progress) {
    const stack = await stackOf(ownLimitsOnly, settings.quick);
    try {
      const soaked = await play(stack, settings);
      const observed = await gather(stack, wholePolicy(ownLimitsOnly), soaked);
      const violations = audit(observed);
      for (const violation of violations) progress(explained(violation, observed.entries));
      const { entries, messages, finals, disturbances } = observed;
      const count = (which: (entry: (typeof entries)[number]) => boolean) =>
        grouped(entries.filter(which).length);
      const seen = `${grouped(entries.length)} requests (${count(isRight)} verifications, ${count(asserts)} assertions, ${count(({ status }) => status === 422)} wrong, ${count(isUncertain)} without an answer or 503), ${grouped(messages.length)} messages, ${grouped(disturbances)} disturbances in ${settings.soakSeconds} s`;
      const stuck = violations.filter(({ rule }) => rule === 'not-stuck').length;
      const codes = messages.flatMap((message) =>
        codeIn(message) ? [`${message.to} ${codeIn(message)}`] : [],
      );
      const doubled = codes.length - new Set(codes).size;
      return {
        'soak.violations': noneOf(violations.length, `${told(violations)} in ${seen}`),
        'soak.stuck': noneOf(stuck, `${finals.length - stuck} of ${finals.length} people signed in`),
        'soak.doubled': {
          figure: `${doubled} of ${grouped(codes.length)} codes left again`,
          holds: !violations.some(({ rule }) => rule === 'sent-once'),
        },
      };
    } finally {
      await stack.stop();
    }
  },
};

function told(violations: readonly Violation[]): string {
  const broken = [...new Set(violations.map(({ rule }) => rule))];
  return broken.length === 0 ? '0 violations' : `${violations.length} violations of ${broken.join(', ')}`;
}

/** A violation with the requests that it names: times in seconds of the moved clock, and nothing that was typed. */
export function explained({ rule, text, ids }: Violation, entries: readonly Entry[]): string {
  const [first] = entries;
  const seconds = (at: number) => ((at - (first?.from ?? 0)) / 1000).toFixed(2);
  const lines = entries
    .filter(({ id }) => ids.includes(id))
    .map(({ id, op, client, key, from, to, status, killed }) => {
      const more = `${key === undefined ? '' : ' keyed'}${killed ? ' killed' : ''}`;
      return `    ${id} ${op} by ${client} from ${seconds(from)} to ${seconds(to)}: ${status}${more}`;
    });
  return [`${rule}: ${text} (${ids.slice(0, 8).join(', ')})`, ...lines.slice(0, 12)].join('\n');
}
