import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { pendingPrefix, RunStore } from '../../src/store/run-store.ts';
import { erpQuantities, HEADER, type ReconciledFiles, useFiles } from '../bad-inputs/reconciled-files.ts';

const files = useFiles();
const ERP = `${HEADER}DC1,A,UNRESTRICTED,5\n`;
const rows = (count: number): string =>
  HEADER + Array.from({ length: count }, (_, at) => `DC1,I${at},UNRESTRICTED,${at + 1}\n`).join('');
const isRoot = process.getuid?.() === 0;

/** A file system of so many kilobytes at a folder, while `use` runs. False where this machine allows none. */
async function withSmallDisk(folder: string, kilobytes: number, use: () => Promise<void>): Promise<boolean> {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    await use();
  } finally {
    execFileSync('umount', [folder]);
  }
  return true;
}

const left = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String);

async function failureOf(own: ReconciledFiles, given: Parameters<ReconciledFiles['attempt']>[0], runId = 'run-x') {
  const { failure } = await own.attempt(given, runId);
  expect(failure, 'the run was to fail').toBeDefined();
  expect(failure?.message).not.toMatch(/\n {4}at |ENOSPC|undefined/);
  expect(failure?.action).toMatch(/\w{3,}/);
  return { kind: failure?.kind, code: failure?.code, exit: exitCodeOf(failure), message: failure?.message ?? '' };
}

describe('a full disk', () => {
  it.skipIf(!isRoot || process.platform !== 'linux')(
    'under --out: nothing half-written is left, and the next run finds room',
    async () => {
      const disk = join(files().folder, 'disk');
      const out = join(disk, 'out');
      const given = { erp: rows(4000), configuration: { quality: { min_key_overlap: 0 } } };
      const mounted = await withSmallDisk(disk, 64, async () => {
        const found = await failureOf(files(), { ...given, options: { out, formats: ['csv'] } });
        expect(found).toMatchObject({ kind: 'unreachable', code: 'DISK_FULL', exit: 4 });
        expect(left(disk)).toEqual([]);
      });
      if (!mounted) return;
      expect(await new RunStore(files().dataDirectory).list()).toEqual([]);
      const again = await files().run({ ...given, options: { out, formats: ['csv'] } });
      expect(again.failure).toBeUndefined();
      expect(readFileSync(join(out, 'discrepancies.csv'), 'utf8').split('\n').length).toBe(4001 + 2);
    },
  );

  it.skipIf(!isRoot || process.platform !== 'linux')('under the data directory: no run is kept by halves', async () => {
    const given = { erp: rows(4000), configuration: { quality: { min_key_overlap: 0 } } };
    await withSmallDisk(files().dataDirectory, 96, async () => {
      const found = await failureOf(files(), given);
      expect(found).toMatchObject({ kind: 'unreachable', code: 'DISK_FULL', exit: 4 });
      expect(await new RunStore(files().dataDirectory).list()).toEqual([]);
      expect(left(files().dataDirectory).filter((name) => !['runs', 'work'].includes(name))).toEqual([]);
    });
  });
});

describe('folders that cannot be written', () => {
  it('the data directory is a file', async () => {
    writeFileSync(files().dataDirectory, '');
    const found = await failureOf(files(), { erp: ERP });
    expect(found).toMatchObject({ kind: 'unreachable', code: 'STORAGE_FAILED', exit: 4 });
    expect(found.message).toContain(files().dataDirectory);
  });

  it('--out is a file', async () => {
    const out = files().write('out', 'mine');
    expect(await failureOf(files(), { erp: ERP, options: { out } })).toMatchObject({
      kind: 'usage',
      code: 'OUT_UNUSABLE',
      exit: 2,
    });
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  it('--out lies below a file', async () => {
    files().write('file', 'mine');
    const found = await failureOf(files(), { erp: ERP, options: { out: join(files().folder, 'file/out') } });
    expect([2, 4]).toContain(found.exit);
  });

  it('--out holds something that is no report', async () => {
    files().write('out/mine.txt', 'mine');
    const out = join(files().folder, 'out');
    expect(await failureOf(files(), { erp: ERP, options: { out } })).toMatchObject({
      kind: 'usage',
      code: 'OUT_NOT_EMPTY',
      exit: 2,
    });
    expect(readdirSync(out)).toEqual(['mine.txt']);
  });

  it.skipIf(isRoot)('a data directory without the permission to write', async () => {
    mkdirSync(files().dataDirectory);
    chmodSync(files().dataDirectory, 0o500);
    expect(await failureOf(files(), { erp: ERP })).toMatchObject({
      kind: 'unreachable',
      code: 'NOT_PERMITTED',
      exit: 4,
    });
  });

  it.skipIf(!isRoot || process.platform !== 'linux')('a data directory on a disk that is read-only', async () => {
    mkdirSync(files().dataDirectory);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', files().dataDirectory], { stdio: 'ignore' });
    } catch {
      return;
    }
    try {
      expect(await failureOf(files(), { erp: ERP })).toMatchObject({
        kind: 'unreachable',
        code: 'NOT_PERMITTED',
        exit: 4,
      });
    } finally {
      execFileSync('umount', [files().dataDirectory]);
    }
  });
});

describe('files that are not there', () => {
  it.each(['erp.csv', 'wms.csv'])('%s is missing when the run starts', async (name) => {
    const found = await failureOf(files(), { erp: ERP, configuration: { balances: undefined } }).catch(() => undefined);
    expect(found?.kind).toBe('configuration');
    const missing = { path: `no-${name}-*` };
    const given = name === 'erp.csv' ? { erp: ERP, erpSource: missing } : { erp: ERP, wmsSource: missing, wms: ERP };
    const { kind, code, exit } = await failureOf(files(), given);
    expect({ kind, code, exit }).toEqual({ kind: 'unreachable', code: 'FILE_NOT_FOUND', exit: 4 });
  });

  it('a file that is a folder', async () => {
    mkdirSync(join(files().folder, 'folder'));
    const found = await failureOf(files(), { erp: ERP, configuration: { items: { format: 'csv', path: 'folder' } } });
    expect(found).toMatchObject({ kind: 'unreachable', code: 'FILE_NOT_FOUND', exit: 4 });
  });

  it('a file deleted before its rows are read', async () => {
    const onProgress = (): void => rmSync(join(files().folder, 'wms.csv'), { force: true });
    const found = await failureOf(files(), { erp: ERP, options: { onProgress } });
    expect(found).toMatchObject({ kind: 'unreachable', code: 'STORAGE_FAILED', exit: 4 });
    expect(found.message).toMatch(/wms\.csv: no such file or directory$/);
  });
});

describe('a damaged kept run', () => {
  const damages: readonly [name: string, content: string | undefined][] = [
    ['cut', '{"schema":1,"run_id":"run-0'],
    ['empty', ''],
    ['no object', 'null'],
    ['of another kind', '{"schema":1}'],
    ['of another version', '{"schema":2,"run_id":"run-002","state":"complete","inputs":[]}'],
    ['gone', undefined],
  ];
  it.each(damages)('%s: the next run compares with the one before', async (_name, content) => {
    const good = { erp: rows(100), configuration: { quality: { min_key_overlap: 0 } } };
    await files().run(good);
    await files().run(good);
    const path = join(new RunStore(files().dataDirectory).folderOf('run-002'), 'run.json');
    if (content === undefined) rmSync(path);
    else writeFileSync(path, content);
    const fewer = await files().run({ ...good, erp: rows(50) });
    expect(fewer.failure).toMatchObject({ code: 'TOO_FEW_ROWS', message: expect.stringContaining('in run run-001') });
    const whole = await files().run({ ...good, erp: rows(101) });
    expect(whole.failure).toBeUndefined();
    expect(erpQuantities(whole.lines)['I100']).toBe('101');
  });

  it('the only one: the next run has nothing to compare with, and is complete', async () => {
    await files().run({ erp: ERP });
    writeFileSync(join(new RunStore(files().dataDirectory).folderOf('run-001'), 'run.json'), '{');
    const { failure } = await files().run({ erp: ERP });
    expect(failure).toBeUndefined();
  });

  it('asked for by its name, it says that it cannot be read', async () => {
    await files().run({ erp: ERP });
    writeFileSync(join(new RunStore(files().dataDirectory).folderOf('run-001'), 'run.json'), '[]');
    await expect(new RunStore(files().dataDirectory).read('run-001')).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'RUN_UNREADABLE',
    });
  });

  it('leftovers of a killed process are removed by the next run', async () => {
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const left = `${pendingPrefix(Number(dead))}run-000`;
    for (const name of [`data/work/${left}/rows-0.spill`, `data/runs/${left}/run.json`]) files().write(name, 'half');
    await files().run({ erp: ERP });
    expect(existsSync(join(files().dataDirectory, 'work', left))).toBe(false);
    expect(readdirSync(join(files().dataDirectory, 'runs'))).toEqual(['run-001']);
  });
});
