/**
 * One run: opens the sources, compares, judges, writes the report, keeps the run. Decides the order of these steps and what
 * is kept when one of them fails; what anything means is decided elsewhere.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { QualityNote, Report, RunDocument } from '../contract/run.ts';
import type { Verdict } from '../core/gate/quality-gate.ts';
import { type Judgement, judgeComparison } from '../core/measure/judge-comparison.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { duckDbDriver } from '../duckdb/open-duckdb.ts';
import type { EngineResult } from '../engine/comparison-input.ts';
import type { ThreadSupply } from '../engine/pass/pass-thread.ts';
import type { FoundFile } from '../ingest/files/find-file.ts';
import type { ReadHistory } from '../store/read-key-history.ts';
import { checkOutDirectory, RunStore } from '../store/run-store.ts';
import { storageFailure } from '../store/storage-failure.ts';
import { type BalanceSource, openBalanceSources } from './balance-sources.ts';
import { cancelled } from './cancelled.ts';
import { carryForward } from './carry-forward.ts';
import { chooseEngine, startThreads, usesSql } from './choose-engine.ts';
import { type Diagnosis, diagnoseRun } from './diagnose-run.ts';
import { FileHashes } from './file-hashes.ts';
import { type FoundCutOffs, findCutOffs } from './find-cut-offs.ts';
import { grainColumns, makePlan, type RunFilters, toleranceOf } from './make-plan.ts';
import { measuresOf, readPast } from './measure-history.ts';
import { minorDecimalsOf } from './minor-decimals.ts';
import { type Opening, openOpening } from './open-opening.ts';
import { type BegunReport, beginReport, outputsOf, type PublishOptions, publishRun } from './publish-run.ts';
import { type DemandSource, openDemand, type ReadDemand, readDemand } from './read-demand.ts';
import { type Evidence, readEvidence } from './read-evidence.ts';
import { type PacksReader, type ReadMasterData, readMasterData } from './read-master-data.ts';
import { refuseChangedFiles } from './refuse-changed-files.ts';
import { completeDocument, type RunFrame, refusedDocument } from './run-document.ts';
import { inputsOf, pairVerdicts, sourceFacts, sourceVerdicts } from './run-inputs.ts';
import { RunLines } from './run-lines.ts';
import { type PinnedFiles, SourceFiles } from './source-files.ts';
import { Stopwatch } from './stopwatch.ts';
import { trendUpTo } from './trend.ts';
import type { OutFormat } from './write-outputs.ts';

export interface ReconcileOptions {
  readonly loaded: LoadedConfiguration;
  readonly dataDirectory: string;
  /** undefined: no folder is written beside the kept run. */
  readonly out: string | undefined;
  readonly formats: readonly OutFormat[];
  readonly filters: RunFilters;
  /** Files that were brought in, to be read in the place of what the sources' paths name. */
  readonly pinned?: PinnedFiles;
  readonly isDryRun: boolean;
  readonly forced: { readonly by: string; readonly reason: string } | null;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly runId: string;
  readonly pid: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
  /** Called when a stage is over; by milliseconds since 1970. */
  readonly onStage?: (name: string, fromMs: number, toMs: number) => void;
  /** Called when the report is out; the history is written after that. */
  readonly onReport: (report: Report, outDirectory: string | undefined) => void;
}

/** Runs once. A run that the quality gate refuses is kept, handed to `onReport`, and then thrown as a Failure. */
export async function reconcile(options: ReconcileOptions): Promise<RunDocument> {
  const store = new RunStore(options.dataDirectory);
  let work: string | undefined;
  try {
    if (options.out !== undefined) await checkOutDirectory(options.out);
    work = await store.openWorkFolder(options.runId, options.pid);
    return await new Run(options, store, work).go();
  } catch (error) {
    // What was under way fails in many ways once it is stopped; to the caller it is one.
    if (options.signal.aborted && !(error instanceof Failure)) throw cancelled();
    throw storageFailure(error);
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

class Run {
  private readonly options: ReconcileOptions;
  private readonly store: RunStore;
  private readonly work: string;
  private readonly startedAt: Date;
  private readonly watch: Stopwatch;
  private readonly hashes: FileHashes;

  constructor(options: ReconcileOptions, store: RunStore, work: string) {
    this.options = options;
    this.store = store;
    this.work = work;
    this.startedAt = options.now();
    this.watch = new Stopwatch(options.now, options.onStage);
    this.hashes = new FileHashes(options.signal);
  }

  async go(): Promise<RunDocument> {
    const { configuration } = this.options.loaded;
    const files = new SourceFiles(this.options.loaded, this.options.pinned);
    const previous = await this.store.findLatestComplete();
    let sources: BalanceSource[] = [];
    let master: ReadMasterData | undefined;
    try {
      sources = await openBalanceSources(configuration, files, this.work);
      this.checkSignal();
      this.supply = await startThreads(sources, this.options.threads);
      const packsThread = this.supply?.spare(0);
      master = await readMasterData(configuration, files, this.work, {
        signal: this.options.signal,
        packsElsewhere: packsThread && ((...args: Parameters<PacksReader>) => packsThread.readPacks(...args)),
      });
      this.checkSignal();
      this.watch.lap('open');
      const plan = makePlan(configuration, master.master, this.options.filters);
      const cutOffs = await findCutOffs(sources, this.work);
      const carried = await carryForward({ ...this.options, plan, sources, store: this.store, work: this.work });
      sources.push(...carried.sources);
      this.warnings.push(...carried.warnings);
      const demandSources = await openDemand(configuration, files, this.work);
      const opening = await openOpening(configuration, files, this.work);
      const evidence = await readEvidence(configuration, files, this.work, plan, cutOffs, {
        signal: this.options.signal,
        elsewhere: (index) => {
          const thread = this.supply?.spare(index);
          return thread && ((...args) => thread.searchRows(...args));
        },
      });
      this.checkSignal();
      // The database needs the memory more than an idle thread does.
      if (usesSql(sources)) await this.supply?.close();
      this.watch.lap('evidence');
      return await this.compare({ plan, sources, master, evidence, opening, cutOffs, demandSources }, previous);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'refused' || this.wasReported(error)) throw error;
      return await this.refuse(error, sources, master);
    } finally {
      await this.supply?.close();
    }
  }

  private supply: ThreadSupply | undefined;
  private readonly warnings: Verdict[] = [];

  private checkSignal(): void {
    if (this.options.signal.aborted) throw cancelled();
  }

  private readonly reported = new WeakSet<Failure>();

  private wasReported(error: Failure): boolean {
    return this.reported.has(error);
  }

  private async compare(opened: Opened, previous: RunDocument | undefined): Promise<RunDocument> {
    const { plan, sources, evidence } = opened;
    const { options } = this;
    const engine = await chooseEngine(sources, this.supply);
    // While workers read, this thread has time. The lines of a smaller run are written without the database, and its history,
    // which comes after the report, loads it then.
    const bytes = sources.reduce((sum, { input }) => sum + input.bytes, 0);
    if (!options.isDryRun && this.supply !== undefined && bytes >= DATABASE_AHEAD_BYTES) duckDbDriver();
    const result = await engine(
      plan,
      sources.map((source) => source.input),
      evidence.quantities,
      {
        threads: options.threads,
        memoryBytes: options.memoryBytes,
        temporaryDirectory: this.work,
        signal: options.signal,
        onProgress: options.onProgress,
      },
    );
    try {
      this.watch.lap('compare');
      const compared = await this.judge(opened, result, previous);
      this.watch.lap('judge');
      const isRefused = compared.verdicts.some(({ severity }) => severity === 'refused') && options.forced === null;
      const { configuration } = options.loaded;
      const { dataDirectory } = options;
      const diagnosis = isRefused
        ? undefined
        : await diagnoseRun(
            { ...compared, configuration, minorDecimals: this.minorDecimals(), dataDirectory },
            { ...options, temporaryDirectory: this.work },
          );
      // What was explained must be what was hashed.
      await refuseChangedFiles(filesOf(opened));
      this.watch.lap('explain');
      return await this.conclude(compared, diagnosis);
    } finally {
      await result.close();
    }
  }

  /** Prices what was found, and lets the gate see the files. */
  private async judge(opened: Opened, result: EngineResult, previous: RunDocument | undefined): Promise<Compared> {
    const { plan, sources, evidence } = opened;
    const { options } = this;
    const { configuration } = options.loaded;
    // The workers have nothing to do now: they hash what they have read while this thread prices what they found.
    for (const { file, isCarriedForward } of sources)
      if (!isCarriedForward) this.hashes.start(file.path, result.hashFile);
    for (const { file } of evidence.files) this.hashes.start(file.path, result.hashFile);
    const judgement = judgeComparison(result.comparison, plan, {
      tolerance: toleranceOf(configuration),
      minorDecimals: this.minorDecimals(),
    });
    await refuseChangedFiles(filesOf(opened));
    const facts = await sourceFacts(sources, result, configuration, previous, this.hashes);
    // What was hashed must be what was read.
    await refuseChangedFiles(filesOf(opened));
    const isFiltered = options.filters.site.length > 0 || options.filters.item.length > 0;
    const verdicts = [
      ...sourceVerdicts(facts, sources, result, evidence, this.startedAt.getTime()),
      ...pairVerdicts(facts, sources, result, evidence, isFiltered),
      ...this.warnings,
    ];
    const { store, startedAt, work } = this;
    const grain = grainColumns(configuration);
    const past = await readPast({
      store,
      plan,
      grain,
      judgement,
      sources,
      result,
      startedAt,
      temporaryDirectory: work,
    });
    return { ...opened, judgement, result, verdicts, past, demand: await this.readDemand(opened, judgement) };
  }

  /** Only of items that are listed: no other is ranked. */
  private readDemand({ plan, demandSources }: Opened, { discrepancies }: Judgement): Promise<ReadDemand> {
    const items = new Set(demandSources.length === 0 ? [] : discrepancies.map(({ item }) => item));
    const { master, quantityDecimals } = plan;
    const needs = (item: string): boolean => items.has(item);
    return readDemand(demandSources, this.work, { master, quantityDecimals, needs, signal: this.options.signal });
  }

  /** Begins the report of a run that is complete, and ends it. */
  private async conclude(found: Compared, diagnosis: Diagnosis | undefined): Promise<RunDocument> {
    const verdicts = [...found.verdicts, ...(diagnosis?.verdicts ?? [])];
    const quality = notesOf(verdicts, this.options.forced !== null);
    const judgement = diagnosis?.judgement ?? found.judgement;
    const { currency } = this.options.loaded.configuration;
    const lines = new RunLines(found.plan, judgement, currency, this.minorDecimals(), diagnosis?.facts);
    const isComplete = diagnosis !== undefined && quality.every(({ severity }) => severity !== 'refused');
    const begun = isComplete ? await beginReport(() => lines.discrepancies(), this.publishing) : undefined;
    try {
      return await this.finish(found, diagnosis, quality, lines, begun);
    } catch (error) {
      await begun?.discard();
      throw error;
    }
  }

  /** Puts the run together, publishes it, and throws where the gate refuses it. */
  private async finish(
    found: Compared,
    diagnosis: Diagnosis | undefined,
    quality: readonly QualityNote[],
    lines: RunLines,
    begun: BegunReport | undefined,
  ): Promise<RunDocument> {
    const { plan, result, sources, master, evidence } = found;
    const { options } = this;
    const refused = quality.filter((note) => note.severity === 'refused');
    const judgement = diagnosis?.judgement ?? found.judgement;
    const inputs = await inputsOf({ ...found, explained: diagnosis?.explained }, this.hashes);
    const rejections = [
      ...result.inputs.flatMap((input, index) => named(input.rejections, sources[index] as BalanceSource)),
      ...[...master.files, ...evidence.files, ...found.demand.files].flatMap((file) => file.rejections),
      ...(diagnosis?.rejections ?? []),
    ];
    const run =
      diagnosis === undefined || refused.length > 0
        ? { ...refusedDocument(this.frame(), inputs, quality), engine: result.engine }
        : completeDocument(this.frame(), inputs, quality, {
            engine: result.engine,
            unmapped: lines.unmapped(result.comparison),
            judgement,
            diagnosis,
            measures: measuresOf(found.past, diagnosis.handOn(lines), {
              lines,
              judgement,
              interfaces: diagnosis.explained.interfaces,
              minorDecimals: this.minorDecimals(),
            }),
            format: { quantityDecimals: plan.quantityDecimals, minorDecimals: this.minorDecimals() },
          });
    const outputs = outputsOf(run, lines, rejections);
    const report = { ...outputs.report, trend: await trendUpTo(options.dataDirectory, run) };
    const views = run.state === 'complete' && diagnosis ? () => diagnosis.views(lines, run) : undefined;
    await publishRun({ ...outputs, report, ...(views && { views }) }, this.publishing, begun, async (folder) => {
      if (run.state !== 'complete') return;
      // The balances are other threads' work. Neither may go on writing once the other has failed.
      const kept = await Promise.allSettled([
        result.keepBalances(join(folder, 'balances.parquet')),
        diagnosis?.keep(folder, lines),
      ]);
      for (const part of kept) if (part.status === 'rejected') throw part.reason;
    });
    const [first] = refused;
    if (first === undefined) return run;
    const message = refused.map((note) => note.message).join('\n');
    throw this.remember(new Failure('refused', first.code, message, first.action));
  }

  private remember(failure: Failure): Failure {
    this.reported.add(failure);
    return failure;
  }

  private minorDecimals(): number {
    return minorDecimalsOf(this.options.loaded.configuration.currency);
  }

  private frame(): RunFrame {
    const { loaded, runId, filters, forced, now } = this.options;
    return { loaded, runId, startedAt: this.startedAt, finishedAt: now(), filters, forced, timings: this.watch.laps };
  }

  private get publishing(): PublishOptions {
    return { ...this.options, store: this.store, temporaryDirectory: this.work };
  }

  /** Keeps a run whose sources could not be read, with the reason. */
  private async refuse(
    failure: Failure,
    sources: readonly BalanceSource[],
    master: ReadMasterData | undefined,
  ): Promise<never> {
    const quality: QualityNote[] = [
      { severity: 'refused', code: failure.code, source: '', message: failure.message, action: failure.action },
    ];
    const inputs = await inputsOf({ sources, master }, this.hashes);
    const run = refusedDocument(this.frame(), inputs, quality);
    await publishRun(outputsOf(run, undefined, []), this.publishing, undefined, async () => undefined);
    throw this.remember(failure);
  }
}

/** Everything that a run is made from. */
interface Opened {
  readonly plan: Plan;
  readonly sources: readonly BalanceSource[];
  readonly master: ReadMasterData;
  readonly evidence: Evidence;
  readonly opening: Opening;
  readonly cutOffs: FoundCutOffs;
  readonly demandSources: readonly DemandSource[];
}

function filesOf({ sources, master, evidence, opening, demandSources }: Opened): FoundFile[] {
  return [...sources, ...master.files, ...evidence.files, ...opening.inputs, ...demandSources].map(({ file }) => file);
}

/** What the comparison found, and what the gate says of it. */
interface Compared extends Opened {
  readonly judgement: Judgement;
  readonly result: EngineResult;
  readonly verdicts: readonly Verdict[];
  readonly past: ReadHistory;
  readonly demand: ReadDemand;
}

/** Of less than this a report has seldom so many lines that the database writes them. */
const DATABASE_AHEAD_BYTES = 256 << 20;

/** Rejections name columns as the file does. */
function named(rejections: readonly Rejection[], { input }: BalanceSource): Rejection[] {
  return rejections.map((rejection) => ({
    ...rejection,
    column: input.header[input.columns.get(rejection.column) ?? -1] ?? rejection.column,
  }));
}

function notesOf(verdicts: readonly Verdict[], isForced: boolean): QualityNote[] {
  return verdicts.map((verdict) => ({
    ...verdict,
    severity: verdict.severity === 'refused' && isForced ? 'forced' : verdict.severity,
  }));
}
