/** Runs the built command line as its users do, in a folder of its own. Never imports what it tests. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/evenstock.js', import.meta.url));
export const FOUNDING = fileURLToPath(new URL('../../examples/founding/', import.meta.url));

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder that is removed after the tests of this file. */
export function makeFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `e2e-${name}-`)));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs to the end; `code` is −1 where a signal ended it. */
export function runCli(cwd: string, ...args: string[]): Promise<CliResult> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, EVENSTOCK_DEBUG: '1' }, maxBuffer: 1 << 28 };
    execFile(process.execPath, [BIN, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err });
    });
  });
}

/** Runs and parses what --json prints. */
export async function runJson<T>(
  cwd: string,
  ...args: string[]
): Promise<{ readonly code: number; readonly value: T }> {
  const { code, out } = await runCli(cwd, ...args, '--json');
  return { code, value: JSON.parse(out) as T };
}

export interface StartedCli {
  readonly child: ChildProcess;
  /** Exit code, or null and the signal that ended it. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export function startCli(cwd: string, ...args: string[]): StartedCli {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal }))) };
}

/** How many times slower than alone this machine is just now, by a start that takes about 300 ms alone; at least 1. */
export async function slowness(cwd: string): Promise<number> {
  const at = performance.now();
  await runCli(cwd, '--version');
  return Math.max(1, (performance.now() - at) / 300);
}

/** Every file below a folder with its bytes, by path; `without` names files to leave out. */
export function filesBelow(folder: string, without: readonly string[] = []): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !without.includes(entry.name))
      files.set(relative(folder, path), readFileSync(path, 'base64'));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function readText(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}
