import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { flushIntake } from '../../src/app/compact-intake.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase } from '../../src/store/database/open-database.ts';
import { takeIn } from '../../src/store/work/intake.ts';
import { readParts } from '../../src/store/work/intake-parts.ts';
import { json, type Served, stop, until } from '../e2e/run-server.ts';
import { expectKept } from './expect-kept.ts';
import { movementsOf, Senders, ServedWorld, snapshotOf } from './served-world.ts';
import { canMount, SmallDisk } from './small-disk.ts';

const binaries = findPostgres();
/** More than a batch: written before the transaction ends. */
const MANY = 15_000;

let disk: SmallDisk | undefined;
afterEach(() => {
  disk?.remove();
  disk = undefined;
});

/** What must be told of a full disk: what it is, what to do, when to come again. */
async function expectFull(answer: Response): Promise<void> {
  const body = await json(answer);
  expect(body).toMatchObject({ status: 503, code: 'DISK_FULL', action: expect.stringMatching(/room/i) });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
}

const diskOf = async (server: Served) => {
  const answer = await fetch(`${server.address}/ready`);
  const { checks } = await json(answer);
  return { status: answer.status, ...checks.find(({ name }: { name: string }) => name === 'disk') };
};

/** Waits until so many more files and rows are acknowledged. */
async function untilMore(senders: Senders): Promise<void> {
  const [imports, movements] = [senders.imports.size, senders.movements.size];
  await until(() => senders.imports.size > imports + 2 && senders.movements.size > movements + 80, 'what is sent');
}

/** Nobody waits for the pause between two attempts. */
async function hurry({ place }: ServedWorld): Promise<void> {
  const { db, close } = openDatabase(place.dataDirectory, place.address);
  await db
    .transaction()
    .execute((tx) => tx.updateTable('jobs').set({ run_at: 0 }).where('state', '=', 'queued').execute());
  await close();
}

/** The quality gate may refuse the snapshots of this test: that is the work of a run, too, and it is kept. */
async function untilMade(world: ServedWorld, server: Served, id: string): Promise<void> {
  const run = async () => json(await world.ask(server, 'GET', `/runs/${id}`));
  await until(async () => {
    await hurry(world);
    return !['queued', 'running'].includes((await run()).state);
  }, `run ${id}`);
  expect(['complete', 'refused']).toContain((await run()).state);
}

async function fillsAndGoesOn(address: string | undefined): Promise<void> {
  disk = new SmallDisk(48);
  const world = await ServedWorld.open('full', { dataDirectory: join(disk.folder, 'data'), address });
  const server = await world.start();
  const senders = new Senders(world);
  const sending = senders.run(server, { uploads: 1, batches: 1, isPatient: true });
  await untilMore(senders);
  expect(await diskOf(server)).toMatchObject({ status: 200, is_ok: true });

  // In the middle of a run: it waits, and is made when there is room.
  const { id: early } = await json(await world.ask(server, 'POST', '/runs', '{}'));
  await until(async () => (await json(await world.ask(server, 'GET', `/runs/${early}`))).state !== 'queued', 'the run');
  disk.fill();
  expect(await diskOf(server)).toMatchObject({
    ...{ status: 503, is_ok: false },
    detail: expect.stringMatching(/^less than 4 MiB are free|^no space is left/),
  });
  disk.fill();
  await expectFull(await world.upload(server, snapshotOf(-1, 20_000)));
  const batch = await world.send(server, movementsOf(1_000_000, MANY), '&strict=true');
  if (address === undefined) await expectFull(batch);
  else expect(batch.status).toBe(202);
  const late = await world.ask(server, 'POST', '/runs', '{}');
  expect([202, 503]).toContain(late.status);
  if (late.status === 503) await expectFull(late);
  for (const url of ['/health', '/imports', '/runs', '/movements', '/session'])
    expect((await world.ask(server, 'GET', url)).status, url).toBe(200);
  await sleep(500);
  expect(senders.comeAgain).toContain('DISK_FULL');

  disk.free();
  await until(async () => (await diskOf(server)).status === 200, 'to be ready');
  await untilMore(senders);
  senders.end();
  await sending;
  expect(senders.refusals).toEqual([]);
  expect([...senders.comeAgain]).toEqual(['DISK_FULL']);
  if (address === undefined) expect((await world.send(server, movementsOf(1_000_000, MANY))).status).toBe(202);
  const after = await world.ask(server, 'POST', '/runs', '{}');
  expect(after.status).toBe(202);
  const asked = late.status === 202 ? [late, after] : [after];
  const ids = await Promise.all(asked.map(async (answer) => (await json(answer)).id as string));
  for (const id of [early, ...ids]) await untilMade(world, server, id);
  expect((await stop(server)).code).toBe(0);
  expect(server.err()).not.toMatch(/by a bug/);
  await expectKept(world.place, senders, 1_000_000 + MANY);
  // Nothing half-written keeps the room that was made.
  const left = readdirSync(join(world.place.dataDirectory, 'imports')).filter((name) => name.startsWith('.'));
  expect(left).toEqual([]);
}

describe.skipIf(!canMount)('a disk that becomes full under a server', () => {
  test(
    '[sqlite] refuses what it cannot keep, keeps what it took, and goes on by itself',
    () => fillsAndGoesOn(undefined),
    120_000,
  );

  test('[lake] the journal stays until its rows are in the lake, and nothing half-written is left', async () => {
    disk = new SmallDisk(1);
    const folder = mkdtempSync(join(tmpdir(), 'evenstock-full-'));
    const database = openDatabase(folder);
    await migrate(database.db, database.kind, Date.now);
    const row = { kind: 'movements', system: 'wms1', messageId: '', reference: '', state: '', site: 'DC1' } as const;
    const rows = Array.from({ length: 200 }, (_, at) => {
      const document = JSON.stringify({ movement_id: randomUUID(), note: randomBytes(4_000).toString('hex') });
      return { ...row, at, item: 'A', feed: 'wms1', contentHash: String(at), document };
    });
    await database.db.transaction().execute((transaction) => takeIn(transaction, rows, 1));
    const options = { database, dataDirectory: disk.folder, now: Date.now, newId: randomUUID };
    disk.fill();
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(flushIntake(options)).rejects.toMatchObject({ code: 'ENOSPC' });
    disk.free();
    const files = () =>
      readdirSync(disk?.folder ?? '', { recursive: true }).filter((name) => /parquet/.test(String(name)));
    expect(files()).toEqual([]);
    await flushIntake(options);
    expect((await readParts(database.db)).reduce((sum, part) => sum + part.rows, 0)).toBe(rows.length);
    expect(files()).toHaveLength(1);
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.skipIf(binaries === undefined)('[postgresql]', () => {
    let postgres: PostgresServer;
    beforeAll(async () => {
      postgres = await startPostgres(binaries as string);
    });
    afterAll(() => postgres?.stop());

    // Much of it is as on SQLite: where somebody has the time.
    test.skipIf(process.env['EVENSTOCK_FAULTS'] === undefined)(
      'the lake: takes rows still, lets files and runs wait, and goes on by itself',
      async () => {
        await postgres.query('CREATE DATABASE lake');
        await fillsAndGoesOn(postgres.addressOf('lake'));
      },
      120_000,
    );

    test('the tables: refuses what it cannot keep, and goes on by itself', async () => {
      const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
      disk = new SmallDisk(32, { uid: idOf('-u'), gid: idOf('-g') });
      await postgres.query(`CREATE TABLESPACE small LOCATION '${disk.folder}'`);
      await postgres.query('CREATE DATABASE small TABLESPACE small');
      const dataDirectory = mkdtempSync(join(tmpdir(), 'evenstock-full-'));
      const world = await ServedWorld.open('tables', { dataDirectory, address: postgres.addressOf('small') });
      const server = await world.start();
      const senders = new Senders(world);
      const sending = senders.run(server, { uploads: 1, batches: 1, isPatient: true });
      await untilMore(senders);
      disk.fill();
      await expectFull(await world.send(server, movementsOf(1_000_000, MANY), '&strict=true'));
      expect((await world.ask(server, 'GET', '/imports')).status).toBe(200);
      disk.free();
      await untilMore(senders);
      senders.end();
      await sending;
      expect(senders.refusals).toEqual([]);
      expect((await stop(server)).code).toBe(0);
      expect(server.err()).not.toMatch(/by a bug/);
      await expectKept(world.place, senders, 0);
      await postgres.query('DROP DATABASE small');
      await postgres.query('DROP TABLESPACE small');
      rmSync(dataDirectory, { recursive: true, force: true });
    }, 120_000);
  });
});
