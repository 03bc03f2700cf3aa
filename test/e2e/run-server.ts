/** Starts the built server as a supervisor does, in a folder of its own. Never imports what it tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { makeFolder, runCli } from './run-cli.ts';

const BIN = fileURLToPath(new URL('../../bin/evenstock.js', import.meta.url));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

export interface Served {
  /** http://127.0.0.1:… */
  readonly origin: string;
  /** Of the API. */
  readonly address: string;
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly ms: number }>;
}

/** Starts a server as a supervisor does, and waits for its line. */
export function serve(
  folder: string,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<Served> {
  const args = ['serve', '--port', '0', ...(options.args ?? [])];
  return startServing(folder, args, options.env, /^Evenstock is ready at (http:\/\/\S+)\n$/);
}

/** Starts any command that serves; `line` takes its address from what it prints when it is ready. */
export async function startServing(
  folder: string,
  args: readonly string[],
  env: Record<string, string> | undefined,
  line: RegExp,
): Promise<Served> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    err += part;
  });
  const started = performance.now();
  const ended = new Promise<{ code: number | null; ms: number }>((resolve) => {
    child.on('close', (code) => resolve({ code, ms: performance.now() - started }));
  });
  await until(() => line.test(out) || child.exitCode !== null);
  const [, origin = ''] = line.exec(out) ?? [];
  return { origin, address: `${origin}/api/v1`, child, out: () => out, err: () => err, ended };
}

export async function until(isTrue: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const end = Date.now() + 45_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

export const refuses = (address: string): Promise<boolean> =>
  fetch(`${address}/health`).then(
    () => false,
    () => true,
  );

export async function stop({ child, ended }: Served, signal: NodeJS.Signals = 'SIGTERM') {
  const at = performance.now();
  child.kill(signal);
  const { code } = await ended;
  return { code, ms: performance.now() - at };
}

// biome-ignore lint/suspicious/noExplicitAny: answers are what the test expects of them
export const json = (answer: Response): Promise<any> => answer.json();

export async function newFolder(name: string): Promise<string> {
  const folder = makeFolder(name);
  await runCli(folder, 'init', '.');
  return folder;
}
