/** Starts, stops, continues and kills the servers of jobs-server.ts. Leaves no process behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach } from 'vitest';

const running = new Set<ChildProcess>();
afterEach(async () => {
  await Promise.all([...running].map(kill));
});

export interface ServerPlace {
  readonly folder: string;
  readonly dataDirectory: string;
  readonly address: string | undefined;
}

/** Begins a server; what it says goes to `said`. It may be killed before it is ready. */
export function launch({ folder, dataDirectory, address }: ServerPlace, said: string[] = []): ChildProcess {
  const args = ['--import', 'tsx', 'test/faults/jobs-server.ts', folder, dataDirectory];
  const server = spawn(process.execPath, [...args, ...(address === undefined ? [] : [address])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(server);
  server.once('exit', () => running.delete(server));
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (data: Buffer) => said.push(String(data)));
  return server;
}

export async function untilReady(server: ChildProcess): Promise<void> {
  await once(server.stdout as NonNullable<ChildProcess['stdout']>, 'data');
}

/** SIGKILL also ends one that stands still. */
export async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
}
