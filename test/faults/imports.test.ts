import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { backup, restore } from '../../src/app/backup.ts';
import { FileImporter } from '../../src/app/file-importer.ts';
import { findImportSource } from '../../src/app/find-import-source.ts';
import { openWorkStore } from '../../src/app/open-work-store.ts';
import { removeOld } from '../../src/app/remove-old.ts';
import { describeOnBothStores } from '../../src/store/database/both-stores-fixture.ts';
import type { WorkDatabase } from '../../src/store/database/open-database.ts';
import { verifyAudit } from '../../src/store/work/audit.ts';
import { listImports } from '../../src/store/work/imports.ts';
import { faultConfiguration, snapshotOf } from './import-world.ts';

/** Kills for each store; `npm run test:faults -- 250` makes more of them. */
const KILLS = Number(process.env['EVENSTOCK_FAULTS'] ?? 4);
const ENTRY = fileURLToPath(new URL('import-process.ts', import.meta.url));
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

interface Place {
  readonly dataDirectory: string;
  readonly address: string | undefined;
}

/** Runs until it is killed, at a moment after its first word; what it had acknowledged until then. */
function importUntilKilled({ dataDirectory, address }: Place, first: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, dataDirectory, address ?? '', String(first)]);
  let said = '';
  let failed = '';
  child.stdout.on('data', (data) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    said += data;
  });
  child.stderr.on('data', (data) => {
    failed += data;
  });
  return new Promise((resolve, reject) => {
    child.once('close', () => {
      if (failed !== '') reject(new Error(failed));
      // The last line may be cut: then nobody read it.
      else resolve(said.split('\n').slice(1, -1));
    });
  });
}

/** Every row names a whole file, every content is there once, and every file belongs to a row or is known to be left over. */
async function check(database: WorkDatabase, dataDirectory: string, acknowledged: ReadonlyMap<string, string>) {
  const rows = await listImports(database.db, {}, 1_000_000);
  expect(new Set(rows.map((row) => row.sha256)).size).toBe(rows.length);
  for (const row of rows) {
    expect(row).toMatchObject({ state: 'accepted', rows: 200 });
    expect(sha256(readFileSync(join(dataDirectory, row.path as string)))).toBe(row.sha256);
  }
  const ids = new Map(rows.map((row) => [row.sha256, row.id]));
  for (const [content, id] of acknowledged) expect(ids.get(content)).toBe(id);
  expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true, head: { number: rows.length } });
  return rows;
}

describeOnBothStores('imports that are killed', (store) => {
  it(
    'nothing acknowledged is lost, nothing half is visible, nothing is there twice',
    async () => {
      const place = await store.place();
      const acknowledged = new Map<string, string>();
      for (let kill = 0; kill < KILLS; kill++) {
        const lines = await importUntilKilled(place, kill * 5, Math.random() * 400);
        for (const line of lines) {
          const [content = '', id = ''] = line.split(' ');
          // An import keeps its id, whoever brings its content again.
          expect(acknowledged.get(content) ?? id).toBe(id);
          acknowledged.set(content, id);
        }
      }
      const options = { ...place, as: 'server', what: 'a test', pid: process.pid, now: Date.now } as const;
      const database = await openWorkStore(options);
      const rows = await check(database, place.dataDirectory, acknowledged);
      expect(acknowledged.size).toBeGreaterThan(0);
      const removal = { database, dataDirectory: place.dataDirectory, configuration: faultConfiguration };
      await removeOld({ ...removal, now: Date.now() + 2 * 3_600_000 });
      expect(readdirSync(join(place.dataDirectory, 'imports'))).toHaveLength(rows.length);
      await check(database, place.dataDirectory, acknowledged);
      await database.close();
    },
    60_000 + KILLS * 20_000,
  );

  it(
    'a backup or a restore that is killed leaves nothing that could be taken for one',
    async () => {
      const place = await store.place();
      await importUntilKilled(place, 0, 1_500);
      const common = { pid: process.pid, now: () => 0, signal: new AbortController().signal };
      const at = ({ dataDirectory, address }: Place, folder: string) => ({
        ...common,
        dataDirectory,
        storeAddress: address,
        folder,
      });
      const whole = join(place.dataDirectory, 'backups', 'whole');
      await backup(at(place, whole));
      const contentOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
      const { made_at: _, ...content } = contentOf(whole);
      for (let kill = 0; kill < KILLS; kill++) {
        const half = join(place.dataDirectory, 'backups', `half-${kill}`);
        const target = await store.place();
        await Promise.all([
          runUntilKilled(['backup', half], place, Math.random() * 1_500),
          runUntilKilled(['restore', whole], target, Math.random() * 1_500),
        ]);
        if (existsSync(half)) expect(contentOf(half)).toMatchObject(content);
        if (existsSync(join(target.dataDirectory, 'restore-unfinished'))) {
          const opening = openWorkStore({ ...target, as: 'command', what: 'a test', pid: 1, now: Date.now });
          await expect(opening).rejects.toMatchObject({ code: 'RESTORE_UNFINISHED' });
        }
        if (!existsSync(join(target.dataDirectory, 'imports'))) await restore(at(target, whole));
        else if (existsSync(join(target.dataDirectory, 'restore-unfinished'))) await restore(at(target, whole));
        const again = join(target.dataDirectory, 'backups', 'again');
        await backup(at(target, again));
        expect(contentOf(again)).toMatchObject(content);
      }
    },
    60_000 + KILLS * 20_000,
  );
});

const BIN = fileURLToPath(new URL('../../bin/evenstock.js', import.meta.url));

/** The command line as it is built. */
function runUntilKilled(args: readonly string[], { dataDirectory, address }: Place, afterMs: number): Promise<void> {
  const more = address === undefined ? [] : ['--store', address];
  const child = spawn(process.execPath, [BIN, ...args, '--data', dataDirectory, ...more], { stdio: 'ignore' });
  setTimeout(() => child.kill('SIGKILL'), afterMs);
  return new Promise((resolve) => child.once('close', () => resolve()));
}

/** As much as there is room for. */
function fillUp(path: string, pages: number): void {
  try {
    writeFileSync(path, Buffer.alloc(4_096 * pages));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  }
}

const canMount = process.getuid?.() === 0 && process.platform === 'linux';

it.skipIf(!canMount)('on a full disk an import leaves nothing, and goes on once there is room', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'evenstock-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1536k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return;
  }
  let database: WorkDatabase | undefined;
  try {
    const now = Date.now;
    let ids = 0;
    database = await openWorkStore({
      dataDirectory: disk,
      address: undefined,
      as: 'server',
      what: 'a test',
      pid: 1,
      now,
    });
    const importer = new FileImporter({
      ...{ database, dataDirectory: disk, now, loaded: { configuration: faultConfiguration, directory: disk } },
      ...{ newId: () => `id-${++ids}`, signal: new AbortController().signal },
    });
    const source = findImportSource(faultConfiguration, { part: 'balances', system: 'sap' });
    const send = (number: number, rows: number) => {
      const content = Readable.from([Buffer.from(snapshotOf(number, rows))]);
      return importer.importFile({ source, fileName: `${number}.csv`, content, modifiedMs: 1, receivedBy: 'system' });
    };
    const acknowledged = new Map<string, string>();
    const keep = async (number: number): Promise<void> => {
      const { row } = await send(number, 200);
      acknowledged.set(row.sha256, row.id);
    };
    await keep(1);
    await expect(send(2, 200_000)).rejects.toMatchObject({ code: 'DISK_FULL', kind: 'unreachable' });
    expect(readdirSync(join(disk, 'imports'))).toEqual(['id-1']);
    // Now there is less and less room, until the row or its log does not fit.
    mkdirSync(join(disk, 'filler'));
    let failures = 0;
    for (let number = 3; failures < 5 && number < 500; number++) {
      fillUp(join(disk, 'filler', String(number)), failures === 0 ? 3 : 1);
      await keep(number).catch((error) => {
        expect(error).toMatchObject({ code: 'DISK_FULL' });
        failures++;
      });
    }
    expect(failures).toBe(5);
    rmSync(join(disk, 'filler'), { recursive: true });
    await keep(1_000);
    await check(database, disk, acknowledged);
    expect(readdirSync(join(disk, 'imports'))).toHaveLength(acknowledged.size);
  } finally {
    await database?.close();
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
});
