/** Starts the built server for a measurement, as its users start it, and ends it. Measures nothing. */
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/evenstock.js', import.meta.url));

export interface BuiltServer {
  readonly origin: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** `args` go to `evenstock serve`, after the port; `cwd` is where it starts. */
export async function serveBuilt(
  cwd: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<BuiltServer> {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', ...args], {
    ...{ cwd, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, EVENSTOCK_LOG: 'error', ...env } },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`the server ended with ${code}`)));
    child.stdout.on('data', (part: Buffer) => {
      const [, found] = /ready at (http:\/\/\S+)/.exec(String(part)) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { origin, pid: child.pid as number, stop };
}

/** A key of that role; `args` say which data directory, where it is not below `cwd`. */
export function createKey(cwd: string, role: string, args: readonly string[] = []): string {
  const command = [BIN, 'key', 'create', '--name', 'bench', '--role', role, ...args];
  return execFileSync(process.execPath, command, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
