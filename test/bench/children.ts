/** Processes of the bench: started with what they need, ended with the bench. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) child.kill();
});

/** Starts a module of this folder; resolves to the first message that it sends. */
export async function start<Message>(module: string, env: Record<string, string>): Promise<Message> {
  const file = fileURLToPath(new URL(module, import.meta.url));
  const child = fork(file, [], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message));
    child.once('exit', (code) => reject(new Error(`${module} ended with ${code}`)));
  });
}
