/**
 * Looks at the paths of the sources again and again, and brings in what has arrived: each file once, and only when it is
 * complete (sighting.ts). Never moves or changes a file, and never tries one that was refused again until it changes.
 */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileOrder } from '../app/balance-sources.ts';
import type { FileImporter } from '../app/file-importer.ts';
import { listNamedSources, type NamedSource } from '../app/named-sources.ts';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import { type BalanceSourceConfig, watchOf } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { durationMs } from '../core/normalize/time.ts';
import { type FoundFile, listFiles, newestFirst } from '../ingest/files/find-file.ts';
import { hashFile } from '../ingest/files/hash-file.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { WatchedState } from '../store/database/work-state.ts';
import {
  forgetRefusedFiles,
  forgetWatchedFiles,
  noteWatchedFiles,
  readWatchedFiles,
  type WatchedFile,
} from '../store/work/watched-files.ts';
import type { JobLog } from './outage-log.ts';
import { type ArrivalRule, MARKERS, readiness, type Sighting, seen } from './sighting.ts';

export interface FolderWatchContext {
  readonly database: WorkDatabase;
  readonly importer: FileImporter;
  readonly configuration: () => Promise<LoadedConfiguration> | LoadedConfiguration;
  /** After each look: what has arrived may complete a set of snapshots. */
  readonly onLooked: () => Promise<void>;
  readonly now: () => number;
  readonly log: JobLog;
}

/** A file that is there and not taken yet. */
export interface WaitingFile {
  readonly source: string;
  readonly path: string;
  readonly reason: string;
}

/** Of what lies in a folder that is watched for the first time, so many are taken: the last, and the one to hold it against. */
const FIRST_FILES = 2;

export class FolderWatch {
  private readonly context: FolderWatchContext;
  private readonly stopping = new AbortController();
  private readonly sightings = new Map<string, Sighting>();
  private waiting: WaitingFile[] = [];
  private configurationHash: string | undefined;
  private loop: Promise<void> | undefined;

  constructor(context: FolderWatchContext) {
    this.context = context;
  }

  start(): void {
    this.loop = this.lookAgain();
  }

  /** Waits for the file that is being brought in; ends at once where the importer's signal is raised. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** As of the last look. */
  waitingFiles(): readonly WaitingFile[] {
    return this.waiting;
  }

  private async lookAgain(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let pauseMs = 5_000;
      try {
        pauseMs = durationMs(watchOf((await this.context.configuration()).configuration).every);
        await this.look();
      } catch (error) {
        this.context.log.warn({ error: (error as Error).message }, 'the watched folders could not be looked at');
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look at all sources. */
  async look(): Promise<void> {
    const loaded = await this.context.configuration();
    await this.forgetRefused(loaded.hash);
    const waiting: WaitingFile[] = [];
    for (const source of listNamedSources(loaded.configuration)) {
      if (this.stopping.signal.aborted) return;
      if (source.config.path === undefined) continue;
      try {
        waiting.push(...(await this.lookAt(source, source.config.path, loaded)));
      } catch (error) {
        // One folder that cannot be read must not keep the others from being looked at.
        this.context.log.warn(
          { source: source.name, error: (error as Error).message },
          'a source could not be looked at',
        );
      }
    }
    this.waiting = waiting;
    await this.context.onLooked();
  }

  /** What was refused may be right under another configuration. */
  private async forgetRefused(hash: string): Promise<void> {
    const before = this.configurationHash;
    this.configurationHash = hash;
    if (before === hash) return;
    await this.context.database.db.transaction().execute(forgetRefusedFiles);
  }

  private async lookAt(source: NamedSource, path: string, loaded: LoadedConfiguration): Promise<WaitingFile[]> {
    const { db } = this.context.database;
    const found = await listFiles(path, loaded.directory);
    const files = found.filter(({ name }) => !MARKERS.some((marker) => name.endsWith(marker)));
    const known = await readWatchedFiles(db, source.name);
    const gone = [...known.keys()].filter((each) => !found.some((file) => file.path === each));
    if (gone.length > 0) await db.transaction().execute((tx) => forgetWatchedFiles(tx, source.name, gone));
    const order = source.kind === 'balances' ? fileOrder(source.config as BalanceSourceConfig) : undefined;
    const fresh = newestFirst(files, order).filter((file) => !isDecided(file, known.get(file.path)));
    if (known.size === 0 && fresh.length > FIRST_FILES) {
      const passed = fresh.splice(FIRST_FILES).map((file) => this.note(source, file, { state: 'passed' }));
      await db.transaction().execute((tx) => noteWatchedFiles(tx, passed));
    }
    const waiting: WaitingFile[] = [];
    // The oldest first: each is held against the one before it.
    for (const file of fresh.reverse()) {
      if (this.stopping.signal.aborted) break;
      const reason = await this.consider(source, file, loaded);
      if (reason !== undefined) waiting.push({ source: source.name, path: file.path, reason });
    }
    return waiting;
  }

  /** Brings a file in where it is complete; else says what it waits for. */
  private async consider(
    source: NamedSource,
    file: FoundFile,
    loaded: LoadedConfiguration,
  ): Promise<string | undefined> {
    const watch = watchOf(loaded.configuration);
    const rule: ArrivalRule = { settleMs: durationMs(watch.settle), marker: watch.marker };
    const { now, importer } = this.context;
    const key = JSON.stringify([source.name, file.path]);
    const markers = await markersOf(file, rule.marker);
    let sighting = seen(file, this.sightings.get(key), now());
    let next = readiness(sighting, markers, rule, now());
    if (next.step === 'hash') {
      const sha256 = await hashFile(file.path, this.stopping.signal);
      sighting = { ...sighting, sha256 };
      next = markers.length > 0 ? readiness(sighting, markers, rule, now()) : { step: 'wait', reason: CHECKING };
    }
    this.sightings.set(key, sighting);
    if (next.step !== 'take') return next.step === 'wait' ? next.reason : CHECKING;
    const { bytes, modifiedMs, sha256 } = sighting;
    try {
      const content = createReadStream(file.path);
      const request = { source, fileName: file.name, content, modifiedMs, receivedBy: 'system', sha256 };
      const { row } = await importer.importFile(request);
      const state = STATES[row.state];
      await this.decide(source, { ...file, bytes, modifiedMs }, { state, importId: row.id, reason: row.failure });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'CONTENT_DIFFERS') return this.startOver(key);
      if (error.kind !== 'usage') return error.message;
      await this.decide(source, file, { state: 'refused', reason: error.message });
    }
    this.sightings.delete(key);
    return undefined;
  }

  /** Written to without a new time: what was seen of it says nothing. */
  private startOver(key: string): string {
    this.sightings.delete(key);
    return 'it is being written to';
  }

  private async decide(source: NamedSource, file: FoundFile, decision: Decision): Promise<void> {
    const { database, log } = this.context;
    await database.db.transaction().execute((tx) => noteWatchedFiles(tx, [this.note(source, file, decision)]));
    const about = { source: source.name, file: file.path, import: decision.importId, reason: decision.reason };
    if (decision.state === 'imported') log.info(about, 'a file was brought in');
    else log.warn(about, `a file was ${decision.state}`);
  }

  private note(source: NamedSource, { path, bytes, modifiedMs }: FoundFile, decision: Decision): WatchedFile {
    const { state, importId = null, reason = null } = decision;
    const seenAs = { bytes, modified_ms: String(modifiedMs) };
    return { source: source.name, path, ...seenAs, state, import_id: importId, reason, decided_at: this.context.now() };
  }
}

interface Decision {
  readonly state: WatchedState;
  readonly importId?: string;
  readonly reason?: string | null;
}

const CHECKING = 'it is looked at once more';
const STATES = { accepted: 'imported', removed: 'imported', held: 'held', refused: 'refused' } as const;

function isDecided({ bytes, modifiedMs }: FoundFile, known: WatchedFile | undefined): boolean {
  return known?.bytes === bytes && known.modified_ms === String(modifiedMs);
}

/** `stock.csv.done` beside `stock.csv`. */
async function markersOf({ path }: FoundFile, marker: string | undefined): Promise<FoundFile[]> {
  const names = marker === undefined ? MARKERS : [marker];
  return (await Promise.all(names.map((suffix) => listFiles(`${path}${suffix}`, resolve(path, '..'))))).flat();
}
