/**
 * Keeps the live discrepancies of a data directory: finds what they start from, makes a new generation where that has changed,
 * carries the current one forward meanwhile, and leaves it to one of several servers. Never tells of a generation that is not whole.
 */
import { join } from 'node:path';
import type { Transaction } from 'kysely';
import { readCurrentMasterData } from '../../app/intake-plans.ts';
import { LiveBase } from '../../app/live-base.ts';
import { erpSystemOf, isLiveBase, type LiveBasis, liveBasis } from '../../app/live-frame.ts';
import { LiveRows } from '../../app/live-rows.ts';
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import type { RunDocument } from '../../contract/run.ts';
import type { WorkDatabase } from '../../store/database/open-database.ts';
import type { WorkState } from '../../store/database/work-state.ts';
import { RunStore } from '../../store/run-store.ts';
import { settleAllLate } from '../../store/work/alerts.ts';
import { appendEvents } from '../../store/work/events.ts';
import { movementFeeds, newestBatch, readFeeds } from '../../store/work/intake.ts';
import { namesSince } from '../../store/work/intake-evidence.ts';
import { keepTask, releaseTask } from '../../store/work/keeper.ts';
import {
  addGeneration,
  changeFed,
  currentGeneration,
  type LiveEntry,
  type LiveGeneration,
  makeCurrent,
  sweepGenerations,
} from '../../store/work/live-state.ts';
import { LiveFollower } from './live-follower.ts';

/** A server that is gone is followed by another after so long. */
export const LIVE_LEASE_MS = 5_000;
/** How often it is asked whether run, configuration or feeds are other ones. */
const LOOK_MS = 2_000;
/** What one tick may take before others are let in. */
const FOLLOW_MS = 1_000;
const REBUILD_MS = 300;
const ITEMS_PER_STEP = 250;
const SWEPT_ROWS = 500;
/** A run whose balances could not be opened is tried again after so long: the machine may be to blame. */
const UNUSABLE_MS = 10 * 60_000;

export interface LiveContext {
  readonly dataDirectory: string;
  readonly database: WorkDatabase;
  readonly configuration: () => LoadedConfiguration;
  /** Milliseconds since 1970: the clock of this server, and the one that all servers of the store go by. */
  readonly now: () => number;
  readonly storeNow: () => Promise<number>;
  readonly newId: () => string;
  /** A folder that the database engine may spill to. */
  readonly temporaryDirectory: string;
  /** Tells this server from the others of the store. */
  readonly worker: string;
  /** Hears what people should know and can do something about. */
  readonly onNote: (about: object, message: string) => void;
}

/** A run's folder that nothing can be carried forward from. */
class BaseUnusable extends Error {}

/** Another server keeps the state now: what was being written is not. */
class TaskLost extends Error {}

interface Opened {
  readonly basis: LiveBasis;
  readonly base: LiveBase;
  readonly follower: LiveFollower;
}

interface Rebuild extends Opened {
  readonly items: string[];
  readonly messageIds: string[];
  /** Late messages by item or message, as worked out last. */
  readonly late: Map<string, LiveEntry['late']>;
}

export class LiveKeeper {
  private readonly context: LiveContext;
  private current: Opened | undefined;
  private rebuild: Rebuild | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private seen = '';
  /** Runs that cannot be started from, with the moment up to which they are passed over. */
  private readonly unusable = new Map<string, number>();
  /** How far the clock of the store is ahead of ours. */
  private aheadMs = 0;

  constructor(context: LiveContext) {
    this.context = context;
  }

  /** Does what there is to do, for a while. True where more waits already. */
  async tick(): Promise<boolean> {
    this.aheadMs = (await this.context.storeNow()) - this.context.now();
    try {
      await this.write(async () => true);
      // What cannot be read just now must not stop what can be followed.
      const failure = await this.lookForBasis().catch((error: unknown) => error);
      if (failure instanceof TaskLost) throw failure;
      // The run before it is looked for at once.
      if (failure instanceof BaseUnusable) return true;
      const followed = await this.follow();
      const rebuilt = await this.stepRebuild();
      if (failure !== undefined) throw failure;
      return followed || rebuilt;
    } catch (error) {
      if (!(error instanceof TaskLost)) throw error;
      this.drop();
      return false;
    }
  }

  /** Gives the task back. */
  async stop(): Promise<void> {
    this.drop();
    const { database, worker } = this.context;
    await database.db.transaction().execute((transaction) => releaseTask(transaction, 'live', worker));
  }

  /** One clock for all servers: that of the store. */
  private readonly now = (): number => this.context.now() + this.aheadMs;

  private readonly write = async <T>(change: (transaction: Transaction<WorkState>) => Promise<T>): Promise<T> => {
    const { database, worker } = this.context;
    const { now } = this;
    return database.db.transaction().execute(async (transaction) => {
      if (!(await keepTask(transaction, 'live', worker, now(), LIVE_LEASE_MS))) throw new TaskLost();
      return change(transaction);
    });
  };

  private drop(): void {
    this.current?.base.close();
    this.dropRebuild();
    this.current = undefined;
    this.lookedAt = Number.NEGATIVE_INFINITY;
    this.seen = '';
  }

  private dropRebuild(): void {
    this.rebuild?.base.close();
    this.rebuild = undefined;
  }

  /** Begins a new generation where the current one rests on something else than what holds now. */
  private async lookForBasis(): Promise<void> {
    const { database } = this.context;
    if (Math.abs(this.now() - this.lookedAt) < LOOK_MS) return;
    this.lookedAt = this.now();
    const run = await this.findBase();
    // Before the feeds: whoever sent a row up to this batch is among them.
    const batch = await newestBatch(database.db);
    const feeds = await movementFeeds(database.db);
    const fed = JSON.stringify(feeds);
    const loaded = this.context.configuration();
    // Master data are read again with each run: a run and live discrepancies mean the same items.
    const seen = JSON.stringify([run?.run_id, feeds, loaded.hash]);
    if (run === undefined || seen === this.seen) return;
    const master = await readCurrentMasterData({ ...this.context, loaded });
    const basis = liveBasis(loaded, master, run, feeds);
    const generation = await currentGeneration(database.db);
    this.dropRebuild();
    if (generation?.basis === basis.hash) {
      const opened = await this.open(basis, loaded, run, await this.withFed(generation, fed));
      this.current?.base.close();
      this.current = opened;
    } else this.rebuild = await this.beginRebuild(basis, loaded, run, { fed, batch });
    this.seen = seen;
  }

  private async findBase(): Promise<RunDocument | undefined> {
    const store = new RunStore(this.context.dataDirectory);
    const erpSystem = erpSystemOf(this.context.configuration());
    for (const id of (await store.list()).reverse()) {
      if ((this.unusable.get(id) ?? 0) > this.now()) continue;
      const run = await store.read(id).catch(() => undefined);
      if (run !== undefined && isLiveBase(run, erpSystem)) return run;
    }
    return undefined;
  }

  private async open(
    basis: LiveBasis,
    loaded: LoadedConfiguration,
    run: Pick<RunDocument, 'run_id'>,
    generation: LiveFollower['generation'],
    onEntries?: (entries: readonly LiveEntry[]) => void,
  ): Promise<Opened> {
    const { dataDirectory, database, newId, temporaryDirectory } = this.context;
    const { now } = this;
    const { frame, horizon } = basis;
    const folder = new RunStore(dataDirectory).folderOf(run.run_id);
    const base = await LiveBase.open(folder, frame.plan, temporaryDirectory).catch((error: unknown) =>
      this.passOver(run.run_id, error),
    );
    const { configuration } = loaded;
    const follower = new LiveFollower(generation, {
      ...{ database, base, horizon, frame, now, newId, write: this.write },
      rows: new LiveRows(configuration, frame.plan),
      currency: configuration.currency,
      ...(onEntries && { onEntries }),
    });
    return { basis, base, follower };
  }

  /** Said once of a run; discrepancies go on from what there was before. */
  private passOver(run: string, error: unknown): never {
    const reason = (error as Error).message;
    if (!this.unusable.has(run))
      this.context.onNote(
        { run, reason },
        'a run has no balances that can be read: live discrepancies go on from the run before',
      );
    this.unusable.set(run, this.now() + UNUSABLE_MS);
    this.lookedAt = Number.NEGATIVE_INFINITY;
    throw new BaseUnusable(reason);
  }

  private async withFed(generation: LiveGeneration, fed: string): Promise<LiveGeneration> {
    if (generation.fed === fed) return generation;
    await this.write((transaction) => changeFed(transaction, generation, fed));
    return { ...generation, fed };
  }

  private async beginRebuild(
    basis: LiveBasis,
    loaded: LoadedConfiguration,
    run: RunDocument,
    { fed, batch }: Pick<LiveGeneration, 'fed' | 'batch'>,
  ): Promise<Rebuild> {
    const { database } = this.context;
    const { now } = this;
    const before = await currentGeneration(database.db);
    const { horizon, hash } = basis;
    // A clock that was put back must not make rows that are there lie in the future.
    const received = (await readFeeds(database.db)).map(({ last_at: lastAt }) => lastAt);
    const asOf = Math.max(now(), before?.as_of ?? 0, ...received);
    const start = { run_id: run.run_id, basis: hash, fed, horizon, batch, as_of: asOf };
    const generation = await this.write((transaction) => addGeneration(transaction, start, now()));
    const late = new Map<string, LiveEntry['late']>();
    const opened = await this.open(basis, loaded, run, generation, (entries) => {
      for (const entry of entries) late.set(`${entry.kind} ${entry.name}`, entry.late);
    });
    const named = await namesSince(database.db, { horizon, upTo: batch });
    const items = new Set([...(await opened.base.itemsOutOfSync()), ...named.items]);
    return { ...opened, items: [...items], messageIds: named.messageIds, late };
  }

  private async follow(): Promise<boolean> {
    const { now } = this;
    const until = now() + FOLLOW_MS;
    let hasMore = this.current !== undefined;
    while (hasMore && this.current !== undefined && now() < until) hasMore = await this.current.follower.step();
    return hasMore;
  }

  /** Works on the new generation; once it is whole it is the current one. */
  private async stepRebuild(): Promise<boolean> {
    const { rebuild } = this;
    if (rebuild === undefined) return this.sweep();
    const { follower, items, messageIds } = rebuild;
    const { batch, as_of: asOf } = follower.generation;
    const until = this.now() + REBUILD_MS;
    while (items.length + messageIds.length > 0) {
      if (this.now() >= until) return true;
      const some = {
        items: new Set(items.splice(-ITEMS_PER_STEP)),
        messageIds: new Set(messageIds.splice(-ITEMS_PER_STEP)),
      };
      await follower.look(some, batch, asOf);
    }
    while (await follower.step()) if (this.now() >= until) return true;
    await this.finish(rebuild);
    return true;
  }

  private async finish({ basis, base, follower, late }: Rebuild): Promise<void> {
    const { newId } = this.context;
    const { now } = this;
    const { generation } = follower;
    await this.write(async (transaction) => {
      await makeCurrent(transaction, generation, now());
      const events = await settleAllLate(transaction, [...late.values()].flat(), { now: now(), newId });
      await appendEvents(transaction, events, now());
    });
    follower.generation = { ...generation, is_current: 1 };
    this.current?.base.close();
    this.current = { basis, base, follower };
    this.rebuild = undefined;
  }

  /** Removes former generations, a few rows at a time. */
  private async sweep(): Promise<boolean> {
    const kept =
      this.current === undefined ? await currentGeneration(this.context.database.db) : this.current.follower.generation;
    if (kept === undefined) return false;
    return this.write((transaction) => sweepGenerations(transaction, [kept.generation], SWEPT_ROWS));
  }
}

/** Where the database engine may spill to while live discrepancies are kept. */
export function liveFolder(dataDirectory: string): string {
  return join(dataDirectory, 'work', 'live');
}
