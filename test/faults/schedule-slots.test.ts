import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scheduleDocumentSchema } from '../../src/contract/schedule.ts';
import { runIdOf } from '../../src/core/model/run-id.ts';
import { slotsBetween } from '../../src/core/schedule/find-slots.ts';
import { decideDueSlots, type SchedulerSettings } from '../../src/jobs/scheduler.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../../src/store/database/both-stores-fixture.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openDatabase, type WorkDatabase } from '../../src/store/database/open-database.ts';
import { listRuns } from '../../src/store/work/runs.ts';
import { createSchedule, listSlots } from '../../src/store/work/schedules.ts';
import { storeNow } from '../../src/store/work/store-clock.ts';

/** How many slots; `npm run test:faults` asks for more. */
const SLOTS = 4 * Number(process.env['EVENSTOCK_FAULTS'] ?? 20);
const SERVERS = 5;
const MINUTE = 60_000;
const STOP_STEPS_MAX = 24;
const binaries = findPostgres();

/**
 * The clock of PostgreSQL, as a table that the test sets: what servers ask for their time is the same statement as ever, and
 * a schema before pg_catalog answers it.
 */
async function installClock({ db }: WorkDatabase, now: number): Promise<void> {
  await sql`CREATE SCHEMA virtual`.execute(db);
  await sql`CREATE TABLE virtual.clock (now BIGINT)`.execute(db);
  await sql`INSERT INTO virtual.clock VALUES (${sql.lit(now)})`.execute(db);
  await sql`CREATE FUNCTION virtual.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql AS
    'SELECT to_timestamp(now / 1000.0) FROM virtual.clock'`.execute(db);
}

/** A server whose own clock is wrong by up to an hour, and that may stand still between any two of its steps. */
class UnreliableServer {
  private readonly database: WorkDatabase;
  private readonly settings: SchedulerSettings;
  private resume: () => void = () => undefined;
  private stillness: Promise<void> | undefined;
  private looking: Promise<void> | undefined;
  stepsToStand = 0;

  constructor(address: string, place: number) {
    this.database = openDatabase('', `${address}?options=-c%20search_path%3Dvirtual,public,pg_catalog`);
    const wrongClock = (): number => Date.now() + (Math.random() * 2 - 1) * 60 * MINUTE;
    let random = 0;
    this.settings = {
      database: this.database,
      storeNow: async () => {
        const now = await storeNow(this.database, wrongClock);
        // Here a server that is stopped learns the time, and acts on it much later.
        await this.stillness;
        return now;
      },
      newRunId: (now) => runIdOf(now, Uint8Array.of(place, random >> 8, random++ & 255)),
      log: {
        info: () => undefined,
        warn: (about, text) => this.warned.push(`${text} ${JSON.stringify(about)}`),
        error: () => undefined,
      },
    };
  }

  readonly warned: string[] = [];

  /** Begins to look unless it stands still in the middle of an earlier look. */
  step(): Promise<void> | undefined {
    if (this.stepsToStand > 0 && --this.stepsToStand === 0) this.resume();
    const isStanding = this.stepsToStand > 0;
    this.looking ??= decideDueSlots(this.settings).finally(() => {
      this.looking = undefined;
    });
    return isStanding ? undefined : this.looking;
  }

  stop(steps: number): void {
    this.stepsToStand = steps;
    this.stillness = new Promise((resolve) => {
      this.resume = resolve;
    });
  }

  async end(): Promise<void> {
    this.resume();
    await this.looking;
    await this.database.close();
  }
}

describe.skipIf(binaries === undefined)('five servers on one PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(binaries as string);
  });
  afterAll(() => server?.stop());

  test.each([
    ['spring', '2026-03-08T00:00Z'],
    ['autumn', '2026-11-01T00:00Z'],
  ])(
    `make one run for each of ${SLOTS} slots, through stops, wrong clocks and the change of the clocks in %s`,
    async (season, change) => {
      await server.query(`CREATE DATABASE ${season}`);
      const database = openDatabase('', server.addressOf(season));
      await migrate(database.db, database.kind, Date.now);
      const start = Date.parse(change) - (SLOTS / 4) * 10 * MINUTE;
      await installClock(database, start);
      const times = [{ cron: '*/10 * * * *' }, { daily: ['02:25', '01:35'] }];
      const document = scheduleDocumentSchema.parse({ time_zone: 'America/Chicago', times });
      const creation = { actor: 'system', now: start };
      await database.db
        .transaction()
        .execute((tx) => createSchedule(tx, 's', { name: 's', document, isEnabled: true }, creation));
      const servers = Array.from(
        { length: SERVERS },
        (_, place) => new UnreliableServer(server.addressOf(season), place),
      );
      const end = start + SLOTS * 10 * MINUTE;
      for (let now = start; now <= end; now += 5 * MINUTE) {
        await database.db.transaction().execute((tx) => sql`UPDATE virtual.clock SET now = ${now}`.execute(tx));
        // One at least goes on; each of the others may stand still for up to two hours.
        const going = servers.filter(({ stepsToStand }) => stepsToStand === 0);
        for (const each of going.slice(1))
          if (Math.random() < 0.2) each.stop(1 + Math.floor(Math.random() * STOP_STEPS_MAX));
        await Promise.all(servers.map((each) => each.step()));
      }
      await Promise.all(servers.map((each) => each.end()));
      const expected = slotsBetween(document, start, end, 1_000_000);
      expect(expected.length).toBeGreaterThanOrEqual(SLOTS);
      const slots = (await listSlots(database.db, 's', 1_000_000)).reverse();
      expect(slots.map(({ slot_at }) => slot_at)).toEqual(expected);
      expect(new Set(slots.map(({ decision }) => decision))).toEqual(new Set(['run']));
      const runs = await listRuns(database.db, { limit: 1_000_000 });
      expect(runs.map(({ slotAt }) => slotAt).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(expected);
      expect(servers.flatMap(({ warned }) => warned)).toEqual([]);
      await database.close();
    },
    120_000 + SLOTS * 1_000,
  );
});
