import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DirectoryLock, holdRemovals, lockDataDirectory } from './data-directory-lock.ts';
import { readHolders } from './lock-holders.ts';

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
const NOW = Date.now();
const take = (how: 'alone' | 'shared'): DirectoryLock =>
  lockDataDirectory(folder, how, { pid: 1, what: 'the test', since: NOW });

/** Another process that takes the lock and holds it until it is killed; what it says first. */
async function another(how: 'alone' | 'shared'): Promise<{ child: ChildProcess; said: string }> {
  const code = `import { lockDataDirectory } from ${JSON.stringify(MODULE)};
    try { globalThis.lock = lockDataDirectory(${JSON.stringify(folder)}, '${how}', { pid: process.pid, what: 'evenstock serve', since: ${NOW} }); console.log('got'); }
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
  const since = new Date(NOW).toISOString().replace(/\.\d+/, '');
  if (!gets)
    expect(() => take(wanted)).toThrow(
      `evenstock serve (process ${child.pid} on ${hostname()}, since ${since}) works in ${folder}`,
    );
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  take('alone').release();
});

it('is taken once in one process, and can be taken again after its release', async () => {
  const lock = take('alone');
  expect(() => take('alone')).toThrow(/works in/);
  expect(() => take('shared')).toThrow(`the test (process 1 on ${hostname()}, since `);
  expect((await another('alone')).said).toContain('DATA_DIRECTORY_IN_USE');
  lock.release();
  expect(readHolders(folder, NOW)).toEqual([]);
  const [one, two] = [take('shared'), take('shared')];
  expect(() => take('alone')).toThrow(/work in/);
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

it('all who share it are named, and none that has ended', async () => {
  const { child } = await another('shared');
  const lock = take('shared');
  expect(() => take('alone')).toThrow(/\(process \d+ on \S+, since \S+\) and .*\(process \d+ on .*\) work in/);
  expect(readHolders(folder, NOW).map(({ pid }) => pid)).toEqual(expect.arrayContaining([1, child.pid]));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  expect(readHolders(folder, NOW)).toEqual([{ pid: 1, host: hostname(), what: 'the test', since: NOW }]);
  lock.release();
});

it('what is no note, or was left behind, is nobody', () => {
  take('shared').release();
  const note = (name: string, text: string): void => writeFileSync(join(folder, 'work.lock.holders', name), text);
  note('cut.json', '{"pid":1,');
  note('odd.json', '{"pid":"x","host":1}');
  note('before-boot.json', JSON.stringify({ pid: 1, host: hostname(), what: 'evenstock serve', since: 0 }));
  expect(readHolders(folder, NOW)).toEqual([]);
  note('elsewhere.json', JSON.stringify({ pid: 1, host: 'elsewhere', what: 'evenstock serve', since: 0 }));
  expect(readHolders(folder, NOW)).toMatchObject([{ host: 'elsewhere' }]);
  const lock = take('alone');
  expect(readHolders(folder, NOW)).toMatchObject([{ what: 'the test' }]);
  lock.release();
  expect(readdirSync(join(folder, 'work.lock.holders'))).toEqual([]);
});
