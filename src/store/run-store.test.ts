import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPendingFolder, pendingPrefix, RunStore } from './run-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('of two processes that make one run, the first to finish keeps it', async () => {
  const target = new RunStore(folder).folderOf('run-1');
  // Two processes that live: this one and the one that started it.
  const makers = await Promise.all([process.pid, process.ppid].map((pid) => openPendingFolder(target, pid, true)));
  for (const [index, { path }] of makers.entries()) writeFileSync(join(path, 'run.json'), `${index}`);
  const commits = await Promise.allSettled(makers.map(({ commit }) => commit()));
  const first = commits.findIndex(({ status }) => status === 'fulfilled');
  expect(commits.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(commits[1 - first]).toMatchObject({ reason: { kind: 'conflict', code: 'RUN_KEPT' } });
  expect(readFileSync(join(target, 'run.json'), 'utf8')).toBe(`${first}`);
  await Promise.all(makers.map(({ discard }) => discard()));
  expect(readdirSync(join(folder, 'runs'))).toEqual(['run-1']);
});

it('what a process of another machine has under way is left alone for a day', async () => {
  const store = new RunStore(folder);
  const foreign = (name: string, ageMs: number): string => {
    const path = join(folder, 'work', `.new-1-00000000-${name}`);
    mkdirSync(path, { recursive: true });
    const at = new Date(Date.now() - ageMs);
    utimesSync(path, at, at);
    return path;
  };
  const [young, old] = [foreign('young', 3_600_000), foreign('old', 25 * 3_600_000)];
  const own = await store.openWorkFolder('run-1', process.pid);
  expect(own).toBe(join(folder, 'work', `${pendingPrefix(process.pid)}run-1`));
  expect([existsSync(young), existsSync(old)]).toEqual([true, false]);
});
