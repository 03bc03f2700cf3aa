/**
 * A data directory with real runs, a real store and a keeper of live discrepancies whose clock the test moves. Never used
 * outside of tests.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonLines, type RowTexts, takeInStream } from '../../app/intake-fixture.ts';
import { IntakeReader } from '../../app/intake-reader.ts';
import { makePlan, startMasterData } from '../../app/make-plan.ts';
import { MeasuredRuns } from '../../app/measured-runs-fixture.ts';
import type { TakenIn } from '../../app/take-in.ts';
import { type LoadedConfiguration, loadConfiguration } from '../../config/load-configuration.ts';
import type { WorkDatabase } from '../../store/database/open-database.ts';
import { readEvents } from '../../store/work/events.ts';
import { currentGeneration } from '../../store/work/live-state.ts';
import { LiveKeeper, liveFolder } from './live-keeper.ts';

export const MINUTE_MS = 60_000;
/** Midnight of the first snapshots. */
export const MIDNIGHT = Date.parse('2026-11-22T00:00:00Z');

/** The time of day, minutes after midnight of the first snapshots. */
export function clock(minutes: number): string {
  return new Date(MIDNIGHT + minutes * MINUTE_MS).toISOString();
}

export class LiveWorld {
  readonly runs = new MeasuredRuns();
  readonly database: WorkDatabase;
  now = MIDNIGHT;
  private loaded: LoadedConfiguration | undefined;
  private keeper: LiveKeeper | undefined;
  /** What the keeper noted. */
  readonly notes: object[] = [];
  private ids = 0;
  private keepers = 0;
  private eventsRead = 0;

  constructor(database: WorkDatabase) {
    this.database = database;
  }

  /** One real run, balances as MeasuredRuns has them, with cut-offs at this minute. */
  async run(minutes: number, balances: string): Promise<void> {
    await this.runs.run(clock(minutes), balances, {
      configuration: { lag: { default: '30m', interfaces: { '945': '4h' } } },
    });
    this.loaded = await loadConfiguration(join(dirname(this.runs.dataDirectory), 'evenstock.yaml'), {});
  }

  async take(kind: 'movements' | 'messages', system: string, rows: readonly RowTexts[]): Promise<TakenIn> {
    const { configuration } = this.loaded as LoadedConfiguration;
    const plan = makePlan(configuration, startMasterData(configuration), { site: [], item: [] });
    const reader = new IntakeReader(kind, system, configuration, plan);
    const { database } = this;
    const options = { database, reader, layout: 'lines' as const, isStrict: false, canSee: () => true };
    return takeInStream(jsonLines(rows), { ...options, now: () => this.now });
  }

  openKeeper(): LiveKeeper {
    const { dataDirectory } = this.runs;
    const temporaryDirectory = liveFolder(dataDirectory);
    mkdirSync(temporaryDirectory, { recursive: true });
    return new LiveKeeper({
      dataDirectory,
      temporaryDirectory,
      database: this.database,
      configuration: () => this.loaded as LoadedConfiguration,
      now: () => this.now,
      storeNow: async () => this.now,
      newId: () => String(++this.ids).padStart(26, '0'),
      worker: `server-${++this.keepers}`,
      onNote: (about) => this.notes.push(about),
    });
  }

  /** Another process goes on, once the lease of the former one is over. */
  restart(): void {
    this.keeper = undefined;
    this.now += 5_001;
  }

  /** True where more waits already. */
  async tick(): Promise<boolean> {
    this.keeper ??= this.openKeeper();
    return this.keeper.tick();
  }

  /** Until nothing is left to do; the keeper looks for what is new first. */
  async settle(): Promise<void> {
    this.now += 2_000;
    this.keeper ??= this.openKeeper();
    while (await this.keeper.tick());
  }

  /** "discrepancy A 6 10 0": state, item, WMS, ERP and in-flight quantity. */
  async lines(): Promise<string[]> {
    const generation = await currentGeneration(this.database.db);
    const rows = await this.database.db
      .selectFrom('live_lines')
      .selectAll()
      .where('generation', '=', generation?.generation ?? 0)
      .orderBy('item')
      .execute();
    return rows.map(({ state, item, document }) => {
      const { wms_quantity: wms, erp_quantity: erp, in_flight_quantity: inFlight } = JSON.parse(document);
      return `${state} ${item} ${wms} ${erp} ${inFlight}`;
    });
  }

  async alerts(): Promise<string[]> {
    const rows = await this.database.db.selectFrom('alerts').selectAll().where('closed_at', 'is', null).execute();
    return rows.map(({ kind, item, document }) => `${kind} ${item} ${JSON.parse(document).message_id}`).sort();
  }

  /** Kinds of the events since the last call. */
  async events(): Promise<string[]> {
    const events = await readEvents(this.database.db, this.eventsRead, 1_000);
    this.eventsRead = events.at(-1)?.number ?? this.eventsRead;
    return events.map(({ kind }) => kind);
  }

  async end(): Promise<void> {
    await this.keeper?.stop();
    this.runs.remove();
  }
}

export function movement(id: string, minutes: number, units: number, more: RowTexts = {}): RowTexts {
  const place = { site: 'DC1', item: 'A', status: 'AVAILABLE' };
  return { movement_id: id, posted_at: clock(minutes), ...place, quantity: String(units), ...more };
}

export function message(id: string, minutes: number, state: string, units: number, more: RowTexts = {}): RowTexts {
  const place = { site: 'DC1', item: 'A', status: 'AVAILABLE' };
  return {
    message_id: id,
    sent_at: clock(minutes),
    state,
    from_system: 'wms1',
    ...place,
    quantity: String(units),
    ...more,
  };
}
