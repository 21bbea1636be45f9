/** How far an import is: on a terminal one line that changes, elsewhere a line for each tenth, and one now and then. */

export interface Counts {
  created: number;
  changed: number;
  unchanged: number;
  refused: number;
}

const linePauseMilliseconds = 10_000;
const terminalPauseMilliseconds = 500;

export interface Progress {
  /** After each row. */
  note(): void;
  end(): void;
}

export function showProgress(
  counts: Counts,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  const began = Date.now();
  let tenths = 0;
  const say = () => {
    const text = progressLine(counts, total, (Date.now() - began) / 1000);
    stream.write(stream.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  };
  const timer = setInterval(say, stream.isTTY ? terminalPauseMilliseconds : linePauseMilliseconds);
  return {
    note() {
      const reached = Math.floor((10 * doneOf(counts)) / total);
      if (stream.isTTY || reached === tenths) return;
      tenths = reached;
      timer.refresh();
      say();
    },
    end() {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\u001B[K');
    },
  };
}

const doneOf = ({ created, changed, unchanged, refused }: Counts): number =>
  created + changed + unchanged + refused;

/** `1,200 of 100,000 rows, 150/s, 3 refused, 11 min left` */
export function progressLine(counts: Counts, total: number, seconds: number): string {
  const done = doneOf(counts);
  const rate = done / Math.max(seconds, 0.001);
  const left = rate > 0 && done < total ? `, ${timeText((total - done) / rate)} left` : '';
  const whole = (count: number) => count.toLocaleString('en');
  return `${whole(done)} of ${whole(total)} rows, ${Math.round(rate)}/s, ${whole(counts.refused)} refused${left}`;
}

export const timeText = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
