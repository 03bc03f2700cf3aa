import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isOver, RunWorld, request, untilRun } from '../../src/jobs/run-world-fixture.ts';
import { type Jobs, startJobs } from '../../src/jobs/start-jobs.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../../src/store/database/open-database.ts';
import { verifyAudit } from '../../src/store/work/audit.ts';
import { readEvents } from '../../src/store/work/events.ts';
import { json, stop, until } from '../e2e/run-server.ts';
import { expectKept } from './expect-kept.ts';
import { Senders, ServedWorld } from './served-world.ts';

const binaries = findPostgres();
const STOPS = Number(process.env['EVENSTOCK_FAULTS'] ?? 2);
const STOPS_OF_INTAKE = Number(process.env['EVENSTOCK_FAULTS'] ?? 1);

describe.skipIf(binaries === undefined)('a PostgreSQL that fails in the middle', () => {
  const world = new RunWorld(20_000);
  let server: PostgresServer;
  let database: WorkDatabase;
  let jobs: Jobs | undefined;
  beforeAll(async () => {
    server = await startPostgres(binaries as string);
    await server.query('CREATE DATABASE work');
    database = openDatabase('', server.addressOf('work'));
    await migrate(database.db, database.kind, Date.now);
  });
  afterEach(() => jobs?.stop());
  afterAll(async () => {
    await database.close();
    await server.stop();
    world.remove();
  });

  test(
    `${STOPS} times: the server goes on by itself, and each run is made once`,
    async () => {
      jobs = await startJobs(world.context(database));
      const ids = Array.from({ length: STOPS }, (_, index) => `run-${String(index).padStart(4, '0')}`);
      for (const id of ids) {
        await request(database, id);
        await sleep(Math.random() * 4_000);
        await server.stopImmediately();
        await sleep(Math.random() * 4_000);
        await server.start();
        expect(await untilRun(database, id, isOver)).toMatchObject({ state: 'complete' });
      }
      const events = await readEvents(database.db, 0, 1_000_000);
      const ended = events.filter(({ kind }) => kind === 'run.complete').map(({ document }) => document);
      expect(ended).toMatchObject(ids.map((run_id) => ({ run_id })));
      expect(await verifyAudit(database.db)).toMatchObject({ isWhole: true });
      // Each outage is logged once by each part that suffers from it, not once for each attempt.
      expect(world.logged.length).toBeLessThan(STOPS * 12);
    },
    60_000 + STOPS * 60_000,
  );

  test(
    `${STOPS_OF_INTAKE} times: files and rows that were acknowledged are there, and the server goes on by itself`,
    async () => {
      await server.query('CREATE DATABASE intake');
      const dataDirectory = mkdtempSync(join(tmpdir(), 'evenstock-stopped-'));
      const served = await ServedWorld.open('stopped', { dataDirectory, address: server.addressOf('intake') });
      const running = await served.start();
      const senders = new Senders(served);
      const sending = senders.run(running, { uploads: 2, batches: 4, isPatient: true });
      for (let count = 0; count < STOPS_OF_INTAKE; count++) {
        const [imports, movements] = [senders.imports.size, senders.movements.size];
        await until(
          () => senders.imports.size > imports + 2 && senders.movements.size > movements + 80,
          'what is sent',
        );
        await sleep(Math.random() * 300);
        await server.stopImmediately();
        expect((await served.ask(running, 'GET', '/ready')).status).toBe(503);
        const away = await served.ask(running, 'GET', '/imports');
        expect(await json(away)).toMatchObject({
          ...{ status: 503, code: 'STORE_UNREACHABLE' },
          action: expect.stringContaining('again'),
        });
        expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
        await sleep(Math.random() * 1_000);
        await server.start();
      }
      await until(async () => (await served.ask(running, 'GET', '/ready')).status === 200, 'to be ready');
      const [imports, movements] = [senders.imports.size, senders.movements.size];
      await until(() => senders.imports.size > imports + 2 && senders.movements.size > movements + 80, 'what is sent');
      senders.end();
      await sending;
      expect(senders.refusals).toEqual([]);
      expect([...senders.comeAgain]).toEqual(['STORE_UNREACHABLE']);
      expect((await stop(running)).code).toBe(0);
      expect(running.err()).not.toMatch(/by a bug/);
      await expectKept(served.place, senders);
      rmSync(dataDirectory, { recursive: true, force: true });
    },
    60_000 + STOPS_OF_INTAKE * 30_000,
  );
});
