/** Memory: an import of a whole file, before an API that answers at once, so that the command alone is measured. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runImport, writePeople } from './import.ts';
import { grouped, type Measurement } from './measurement.ts';

/** Knows everybody of the file as they are. */
async function startApi(): Promise<Server> {
  const server = createServer(({ url = '' }, response) => {
    const userId = decodeURIComponent(url.split('/').at(-1) ?? '');
    const [, place = ''] = /^person-(\d+)$/.exec(userId) ?? [];
    const body =
      place === ''
        ? { access_token: 'a-token', token_type: 'Bearer', expires_in: 86_400 }
        : {
            userId,
            phone: Number(place) % 100 === 0 ? '12' : `+1202555${place.slice(-4).padStart(4, '0')}`,
            email: `${userId}@example.com`,
            displayName: `Person, ${place}`,
            enabled: true,
          };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const memory: Measurement = {
  name: 'memory',
  rows: [
    {
      id: 'memory.import',
      promise: 'The memory of an import does not grow with the file',
      how: 'resident memory of `users import`, before an API that answers at once and knows everybody as they are',
    },
  ],

  async measure({ quick, importRows: rows }, progress) {
    const api = await startApi();
    try {
      const origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
      const run = await runImport({ origin }, await writePeople(rows));
      progress(run.memory.join(', '));
      const [first = 0, last = 0] = [run.memory[0], run.memory.at(-1)];
      const isWhole = run.imported?.['unchanged'] === rows;
      return {
        'memory.import': {
          figure: `${grouped(rows)} rows: ${first} MB at the first line of progress, ${last} MB at the end, ${(rows / run.seconds).toFixed(0)} rows a second`,
          holds: isWhole && (quick || last < 1.5 * first),
        },
      };
    } finally {
      api.close();
      api.closeAllConnections();
    }
  },
};
