import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DirectoryLock, holdRemovals, lockDataDirectory } from './data-directory-lock.ts';

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-lock-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const MODULE = fileURLToPath(new URL('data-directory-lock.ts', import.meta.url));
const take = (how: 'alone' | 'shared'): DirectoryLock => lockDataDirectory(folder, how, { pid: 1, what: 'the test' });

/** Another process that takes the lock and holds it until it is killed; what it says first. */
async function another(how: 'alone' | 'shared'): Promise<{ child: ChildProcess; said: string }> {
  const code = `import { lockDataDirectory } from ${JSON.stringify(MODULE)};
    try { globalThis.lock = lockDataDirectory(${JSON.stringify(folder)}, '${how}', { pid: process.pid, what: 'evenstock serve' }); console.log('got'); }
    catch (error) { console.log(error.code + ': ' + error.message); }
    setInterval(() => globalThis.lock, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
  children.push(child);
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data) => resolve(String(data).trim()));
    child.stderr.once('data', (data) => resolve(String(data)));
  });
  return { child, said };
}

it.each([
  ['alone', 'alone', false],
  ['alone', 'shared', false],
  ['shared', 'alone', false],
  ['shared', 'shared', true],
] as const)('held %s, another process wants it %s', async (held, wanted, gets) => {
  const { child, said } = await another(held);
  expect(said).toBe('got');
  if (gets) take(wanted).release();
  else
    expect(() => take(wanted)).toThrow(expect.objectContaining({ code: 'DATA_DIRECTORY_IN_USE', kind: 'unreachable' }));
  if (held === 'alone' && wanted === 'shared')
    expect(() => take(wanted)).toThrow(`evenstock serve (process ${child.pid})`);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  take('alone').release();
});

it('is taken once in one process, and can be taken again after its release', async () => {
  const lock = take('alone');
  expect(() => take('alone')).toThrow(/works in/);
  expect(() => take('shared')).toThrow('the test (process 1) works in');
  expect((await another('alone')).said).toContain('DATA_DIRECTORY_IN_USE');
  lock.release();
  expect(existsSync(join(folder, 'work.lock.json'))).toBe(false);
  const [one, two] = [take('shared'), take('shared')];
  expect(() => take('alone')).toThrow(/works in/);
  one.release();
  expect(() => take('alone')).toThrow(/works in/);
  two.release();
  take('alone').release();
});

it('whoever reads the lake keeps others from removing files, and they each other', () => {
  const reading = holdRemovals(folder, 'reading');
  expect(reading).toBeDefined();
  const second = holdRemovals(folder, 'reading');
  expect(holdRemovals(folder, 'removing')).toBeUndefined();
  reading?.release();
  second?.release();
  const removing = holdRemovals(folder, 'removing');
  expect(removing).toBeDefined();
  expect(holdRemovals(folder, 'reading')).toBeUndefined();
  removing?.release();
  take('alone').release();
});
