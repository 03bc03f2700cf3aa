import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isOver, RunWorld, request, untilRun } from '../../src/jobs/run-world-fixture.ts';
import { type Jobs, startJobs } from '../../src/jobs/start-jobs.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../../src/store/database/open-database.ts';
import { verifyAudit } from '../../src/store/work/audit.ts';
import { readEvents } from '../../src/store/work/events.ts';

const binaries = findPostgres();
const STOPS = Number(process.env['EVENSTOCK_FAULTS'] ?? 2);

describe.skipIf(binaries === undefined)('a PostgreSQL that fails in the middle of a run', () => {
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
});
