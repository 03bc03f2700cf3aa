/**
 * One run: opens the sources, compares, judges, writes the report, keeps the run. Decides the order of these steps and what
 * is kept when one of them fails; what anything means is decided elsewhere.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { QualityNote, Report, RunDocument, RunInput } from '../contract/run.ts';
import type { Verdict } from '../core/gate/quality-gate.ts';
import { type Judgement, judgeComparison } from '../core/measure/judge-comparison.ts';
import { Failure } from '../core/model/failure.ts';
import type { Rejection } from '../core/model/rejection.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { loadDuckDb } from '../duckdb/open-duckdb.ts';
import type { EngineResult } from '../engine/comparison-input.ts';
import type { ThreadSupply } from '../engine/pass/pass-thread.ts';
import { checkOutDirectory, openPendingFolder, RunStore } from '../store/run-store.ts';
import { storageFailure } from '../store/storage-failure.ts';
import { type BalanceSource, openBalanceSources } from './balance-sources.ts';
import { cancelled, cancelledHistory } from './cancelled.ts';
import { carryForward } from './carry-forward.ts';
import { chooseEngine, startThreads, usesSql } from './choose-engine.ts';
import { FileHashes } from './file-hashes.ts';
import { findCutOffs } from './find-cut-offs.ts';
import { grainColumns, makePlan, type RunFilters, toleranceOf } from './make-plan.ts';
import { minorDecimalsOf } from './minor-decimals.ts';
import { type Evidence, readEvidence } from './read-evidence.ts';
import { type PacksReader, type ReadMasterData, readMasterData } from './read-master-data.ts';
import { refuseChangedFiles } from './refuse-changed-files.ts';
import { inputsOf, pairVerdicts, sourceFacts, sourceVerdicts } from './run-inputs.ts';
import { RunLines } from './run-lines.ts';
import { byGroup, runTotals } from './run-totals.ts';
import { Stopwatch } from './stopwatch.ts';
import { openUnusedSources } from './unused-sources.ts';
import { type OutFormat, type Outputs, writeOutputs } from './write-outputs.ts';

export interface ReconcileOptions {
  readonly loaded: LoadedConfiguration;
  readonly dataDirectory: string;
  /** undefined: no folder is written beside the kept run. */
  readonly out: string | undefined;
  readonly formats: readonly OutFormat[];
  readonly filters: RunFilters;
  readonly isDryRun: boolean;
  readonly forced: { readonly by: string; readonly reason: string } | null;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly runId: string;
  readonly pid: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
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
    this.watch = new Stopwatch(options.now);
    this.hashes = new FileHashes(options.signal);
  }

  async go(): Promise<RunDocument> {
    const { configuration, directory } = this.options.loaded;
    const previous = await this.store.findLatestComplete();
    let sources: BalanceSource[] = [];
    let master: ReadMasterData | undefined;
    try {
      sources = await openBalanceSources(configuration, directory, this.work);
      this.checkSignal();
      this.supply = await startThreads(sources, this.options.threads);
      const packsThread = this.supply?.spare(0);
      master = await readMasterData(configuration, directory, this.work, {
        signal: this.options.signal,
        packsElsewhere: packsThread && ((...args: Parameters<PacksReader>) => packsThread.readPacks(...args)),
      });
      this.checkSignal();
      this.watch.lap('open');
      const plan = makePlan(configuration, master.master, this.options.filters);
      const cutOffs = await findCutOffs(sources, this.work);
      const carried = await carryForward({ ...this.options, plan, sources, store: this.store, work: this.work });
      sources.push(...carried.sources);
      this.warnings.push(...carried.warnings, ...(await openUnusedSources(configuration, directory, this.work)));
      const evidence = await readEvidence(configuration, directory, this.work, plan, cutOffs, {
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
      return await this.compare(plan, sources, master, evidence, previous);
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

  private async compare(
    plan: Plan,
    sources: readonly BalanceSource[],
    master: ReadMasterData,
    evidence: Evidence,
    previous: RunDocument | undefined,
  ): Promise<RunDocument> {
    const { options } = this;
    const engine = await chooseEngine(sources, this.supply);
    if (!options.isDryRun && this.supply !== undefined) void loadDuckDb();
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
      // The workers have nothing to do now: they hash what they have read while this thread prices what they found.
      for (const { file, isCarriedForward } of sources)
        if (!isCarriedForward) this.hashes.start(file.path, result.hashFile);
      const judgement = judgeComparison(result.comparison, plan, {
        tolerance: toleranceOf(options.loaded.configuration),
        minorDecimals: this.minorDecimals(),
      });
      const files = [...sources, ...master.files, ...evidence.files].map(({ file }) => file);
      await refuseChangedFiles(files);
      const facts = await sourceFacts(sources, result, options.loaded.configuration, previous, this.hashes);
      // What was hashed must be what was read.
      await refuseChangedFiles(files);
      const isFiltered = options.filters.site.length > 0 || options.filters.item.length > 0;
      const verdicts = [
        ...sourceVerdicts(facts, sources, result, evidence, this.startedAt.getTime()),
        ...pairVerdicts(facts, sources, result, evidence, isFiltered),
        ...this.warnings,
      ];
      const quality = notesOf(verdicts, options.forced !== null);
      const inputs = await inputsOf(sources, result, master, evidence, this.hashes);
      const refused = quality.filter((note) => note.severity === 'refused');
      const rejections = [
        ...result.inputs.flatMap((input, index) => named(input.rejections, sources[index] as BalanceSource)),
        ...[...master.files, ...evidence.files].flatMap((file) => file.rejections),
      ];
      this.watch.lap('judge');
      const run = this.document(plan, judgement, result, inputs, quality, refused.length > 0);
      const outputs = this.outputs(plan, judgement, run, rejections, refused.length > 0);
      await this.publish(outputs, result);
      if (refused.length > 0)
        throw this.remember(
          new Failure(
            'refused',
            (refused[0] as QualityNote).code,
            refused.map((note) => note.message).join('\n'),
            (refused[0] as QualityNote).action,
          ),
        );
      return run;
    } finally {
      await result.close();
    }
  }

  private remember(failure: Failure): Failure {
    this.reported.add(failure);
    return failure;
  }

  private minorDecimals(): number {
    return minorDecimalsOf(this.options.loaded.configuration.currency);
  }

  private outputs(
    plan: Plan,
    judgement: Judgement,
    run: RunDocument,
    rejections: readonly Rejection[],
    isRefused: boolean,
  ): Outputs {
    const lines = new RunLines(plan, judgement, run.currency, this.minorDecimals());
    const timing = [];
    for (const line of lines.timing()) {
      if (timing.length === LISTED_MAX) break;
      timing.push(line);
    }
    const none = (): never[] => [];
    return {
      report: {
        run,
        lines: isRefused ? [] : lines.discrepancies(),
        rejections: rejections.slice(0, LISTED_MAX),
        timing: isRefused ? [] : timing,
      },
      lines: isRefused ? none : () => lines.discrepancies(),
      timing: isRefused ? none : () => lines.timing(),
      contributions: isRefused ? none : () => lines.contributions(),
      rejections,
    };
  }

  private document(
    plan: Plan,
    judgement: Judgement,
    result: EngineResult,
    inputs: readonly RunInput[],
    quality: readonly QualityNote[],
    isRefused: boolean,
  ): RunDocument {
    const { configuration } = this.options.loaded;
    const format = { quantityDecimals: plan.quantityDecimals, minorDecimals: this.minorDecimals() };
    const unmapped = new RunLines(plan, judgement, configuration.currency, format.minorDecimals).unmapped(
      result.comparison,
    );
    const rows = {
      rejected: inputs.reduce((sum, input) => sum + input.rejected, 0),
      unmapped: unmapped.reduce((sum, status) => sum + status.rows, 0),
      excluded: inputs.reduce((sum, input) => sum + input.excluded, 0),
    };
    const totals = runTotals(judgement, rows, format);
    return {
      ...this.frame(isRefused ? 'refused' : 'complete', inputs, quality),
      engine: result.engine,
      totals: isRefused ? null : totals,
      by_site: isRefused ? [] : byGroup(judgement.bySite, format).map(([site, group]) => ({ site, ...group })),
      by_category: isRefused
        ? []
        : byGroup(judgement.byCategory, format).map(([category, group]) => ({ category, ...group })),
      by_cause:
        isRefused || totals.discrepancies === 0
          ? []
          : [
              {
                cause: 'unexplained',
                discrepancies: totals.discrepancies,
                gross_variance_value: totals.gross_variance_value,
              },
            ],
      unmapped,
    };
  }

  private frame(
    state: RunDocument['state'],
    inputs: readonly RunInput[],
    quality: readonly QualityNote[],
  ): RunDocument {
    const { options } = this;
    const { configuration, hash } = options.loaded;
    return {
      schema: 1,
      run_id: options.runId,
      name: configuration.name ?? '',
      state,
      currency: configuration.currency,
      started_at: this.startedAt.toISOString(),
      finished_at: options.now().toISOString(),
      config_hash: hash,
      engine: '',
      grain: grainColumns(configuration),
      filters: options.filters,
      forced: options.forced,
      inputs,
      totals: null,
      by_site: [],
      by_category: [],
      by_cause: [],
      findings: [],
      unmapped: [],
      quality,
      timings_ms: this.watch.laps,
    };
  }

  /** Writes the report, says so, and then keeps the run with its balances. */
  private async publish(outputs: Outputs, result: EngineResult | undefined): Promise<void> {
    const { options } = this;
    const { run } = outputs.report;
    if (options.out !== undefined && !options.isDryRun) {
      const folder = await openPendingFolder(options.out, options.pid);
      try {
        await writeOutputs(folder.path, options.formats, outputs, this.work);
        if (options.signal.aborted) throw cancelled();
        await folder.commit();
      } catch (error) {
        await folder.discard();
        throw error;
      }
    }
    options.onReport({ ...outputs.report, lines: outputs.lines() }, options.isDryRun ? undefined : options.out);
    if (options.isDryRun) return;
    const folder = await openPendingFolder(this.store.folderOf(run.run_id), options.pid);
    try {
      const { KEPT_COLUMNS, writeParquet } = await import('../report/parquet.ts');
      await writeParquet(join(folder.path, 'discrepancies.parquet'), KEPT_COLUMNS, outputs.lines(), this.work);
      await writeOutputs(folder.path, [], outputs, this.work);
      if (result !== undefined && run.state === 'complete')
        await result.keepBalances(join(folder.path, 'balances.parquet'));
      await folder.commit();
    } catch (error) {
      await folder.discard();
      if (options.signal.aborted) throw cancelledHistory(options.out);
      throw error;
    }
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
    const inputs = await inputsOf(sources, undefined, master, undefined, this.hashes);
    const run = this.frame('refused', inputs, quality);
    const none = (): never[] => [];
    const outputs: Outputs = {
      report: { run, lines: [], rejections: [], timing: [] },
      lines: none,
      timing: none,
      contributions: none,
      rejections: [],
    };
    await this.publish(outputs, undefined);
    throw this.remember(failure);
  }
}

/** Rejections and timing lines that a report holds; all of them stand in the tables. */
const LISTED_MAX = 1000;

/** The engine that reads the formats of these sources. */

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
