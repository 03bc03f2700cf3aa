/**
 * Checks a configuration and its sources as a run would read them: rows, statuses, units, rules and what the quality gate
 * would say. Reads whole files twice, once row by row and once with the engine: some seconds for a million rows.
 * Never writes into the data directory and never keeps a run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { SourceKind } from '../contract/configuration.ts';
import type { QualityNote } from '../contract/run.ts';
import { Failure } from '../core/model/failure.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { RunStore } from '../store/run-store.ts';
import type { BalanceSource } from './balance-sources.ts';
import { carryForward } from './carry-forward.ts';
import { BalanceSurvey, emptySurvey, type SurveyedSource } from './check-balances.ts';
import type { CheckedFailure, CheckedSource, CheckResult } from './check-result.ts';
import { REJECTED_SHOWN_MAX } from './check-result.ts';
import { gapsOf, overlapsOf } from './check-rules.ts';
import {
  fail,
  failureOf,
  listSources,
  openForCheck,
  reads,
  type SourceUnderCheck,
  shownPath,
} from './check-sources.ts';
import { chooseEngine } from './choose-engine.ts';
import { FileHashes } from './file-hashes.ts';
import { findCutOffs } from './find-cut-offs.ts';
import { grainColumns, makePlan } from './make-plan.ts';
import { openOpening } from './open-opening.ts';
import { type DemandSource, readDemand } from './read-demand.ts';
import { type Evidence, readEvidence } from './read-evidence.ts';
import { type OnSourceFailure, type ReadFile, readMasterData } from './read-master-data.ts';
import { pairVerdicts, sourceFacts, sourceVerdicts } from './run-inputs.ts';
import { type PinnedFiles, SourceFiles } from './source-files.ts';

export interface CheckOptions {
  readonly loaded: LoadedConfiguration;
  readonly dataDirectory: string;
  /** Only the sources that read these files; empty is all. */
  readonly files: readonly string[];
  readonly threads: number;
  readonly memoryBytes: number;
  /** Files that were brought in, for sources that have no path. */
  readonly pinned?: PinnedFiles;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

/** Checks. What a run would stumble over is part of the result; only unusable arguments throw. */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const work = await mkdtemp(join(tmpdir(), 'evenstock-check-'));
  try {
    return await new Check(options, work).go();
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Without its master data a row would be judged wrongly: such a source is named whatever was asked for. */
const MASTER_KINDS: ReadonlySet<SourceKind> = new Set(['items', 'packs', 'aliases', 'sites']);

class Check {
  private readonly options: CheckOptions;
  private readonly work: string;
  private readonly sourceFiles: SourceFiles;
  private readonly failures: CheckedFailure[] = [];
  private readonly surveys = new Map<SourceUnderCheck, SurveyedSource>();

  constructor(options: CheckOptions, work: string) {
    this.options = options;
    this.work = work;
    this.sourceFiles = new SourceFiles(options.loaded, options.pinned);
  }

  async go(): Promise<CheckResult> {
    const { loaded } = this.options;
    const { configuration } = loaded;
    const all = listSources(loaded);
    for (const source of all) await openForCheck(source, loaded, this.sourceFiles, this.work);
    const chosen = this.choose(all);
    const onFailure: OnSourceFailure = (_kind, config, failure) => {
      const source = all.find((candidate) => candidate.config === config);
      if (source) fail(source, failure);
    };
    const master = await readMasterData(configuration, this.sourceFiles, this.work, { onFailure });
    const plan = makePlan(configuration, master.master, { site: [], item: [] });
    const survey = await this.survey(plan, chosen);
    const balances = chosen.flatMap((source) =>
      source.balances !== undefined && source.failure === undefined ? [source.balances] : [],
    );
    const evidence = await this.evidence(plan, all, chosen, balances, onFailure);
    const demand = await this.demand(plan, chosen);
    const shown = all.filter(
      (source) => chosen.includes(source) || (MASTER_KINDS.has(source.kind) && source.failure !== undefined),
    );
    const isPartial = balances.length < configuration.balances.length;
    await this.checkOpenings();
    const quality = await this.judge(plan, balances, evidence, isPartial);
    const failures = [...shown.flatMap((source) => source.failure ?? []), ...this.failures];
    return {
      configuration: {
        file: loaded.path,
        name: configuration.name ?? '',
        currency: configuration.currency,
        grain: grainColumns(configuration),
        hash: loaded.hash,
      },
      verdict: verdictOf(failures, quality),
      is_partial: isPartial,
      sources: shown.map((source) => this.described(source, [...master.files, ...evidence.files, ...demand])),
      statuses: survey.statuses(),
      unknown_units: survey.unknownUnits(),
      overlaps: overlapsOf(plan, loaded.positions),
      gaps: gapsOf(plan, loaded.positions),
      quality,
      failures,
    };
  }

  /** Openings are opened only where all sources are checked: no FILE can name them. */
  private async checkOpenings(): Promise<void> {
    const { loaded, files } = this.options;
    if (files.length > 0) return;
    const { configuration } = loaded;
    await openOpening(configuration, this.sourceFiles, this.work, (_kind, _source, failure) => {
      this.failures.push(failureOf(failure, 'opening', loaded.positions.locate(['opening'])));
    });
  }

  /** Every row is read, and none is kept. */
  private async demand(plan: Plan, chosen: readonly SourceUnderCheck[]): Promise<ReadFile[]> {
    const { master, quantityDecimals } = plan;
    const files: ReadFile[] = [];
    for (const source of chosen) {
      const { kind, config, file, failure } = source;
      if ((kind !== 'demand' && kind !== 'promotions') || file === undefined || failure !== undefined) continue;
      const demandSource: DemandSource = { kind, config, file };
      await this.guard(source, async () => {
        const settings = { master, quantityDecimals, needs: () => false, signal: this.options.signal };
        files.push(...(await readDemand([demandSource], this.work, settings)).files);
      });
    }
    return files;
  }

  private choose(all: readonly SourceUnderCheck[]): SourceUnderCheck[] {
    const { files, loaded } = this.options;
    if (files.length === 0) return [...all];
    const chosen = new Set<SourceUnderCheck>();
    for (const file of files) {
      const found = all.filter((source) => reads(source, resolve(file), loaded.directory));
      if (found.length === 0) {
        const known = all.map((source) => shownPath(source, loaded.directory)).join(', ');
        throw new Failure(
          'usage',
          'FILE_NOT_A_SOURCE',
          `no source of ${loaded.path} reads ${file}; its sources read ${known}`,
          'Name one of these files, or none to check all.',
        );
      }
      for (const source of found) chosen.add(source);
    }
    return all.filter((source) => chosen.has(source));
  }

  private async survey(plan: Plan, chosen: readonly SourceUnderCheck[]): Promise<BalanceSurvey> {
    const { options } = this;
    const survey = new BalanceSurvey(options.loaded.configuration, plan);
    const balances = chosen.filter((source) => source.balances !== undefined);
    for (const [index, source] of balances.entries()) {
      options.onProgress('check', index, balances.length);
      const found = emptySurvey();
      this.surveys.set(source, found);
      await this.guard(source, () => survey.read(source.balances as BalanceSource, found, this.work, options.signal));
    }
    return survey;
  }

  /** Turns a failure of a source into a part of the result. */
  private async guard(source: SourceUnderCheck, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'cancelled') throw error;
      fail(source, error);
    }
  }

  private async evidence(
    plan: Plan,
    all: readonly SourceUnderCheck[],
    chosen: readonly SourceUnderCheck[],
    balances: readonly BalanceSource[],
    onFailure: OnSourceFailure,
  ): Promise<Evidence> {
    const { configuration } = this.options.loaded;
    const wanted = new Set(chosen.map((source) => source.config));
    const isWanted = <T>(config: T): boolean => chosen.length === all.length || wanted.has(config as never);
    const limited = {
      ...configuration,
      movements: configuration.movements?.filter(isWanted),
      messages: configuration.messages?.filter(isWanted),
    };
    const cutOffs = await findCutOffs(balances, this.work);
    return readEvidence(limited, this.sourceFiles, this.work, plan, cutOffs, { onFailure });
  }

  /** What the quality gate says of the sources that could be read; both sides together only where none is missing. */
  private async judge(
    plan: Plan,
    files: readonly BalanceSource[],
    evidence: Evidence,
    isPartial: boolean,
  ): Promise<QualityNote[]> {
    const { options, work } = this;
    if (files.length === 0) return [];
    try {
      const store = new RunStore(options.dataDirectory);
      const carried = await carryForward({ ...options, plan, sources: files, store, work });
      const balances = [...files, ...carried.sources];
      const engine = await chooseEngine(balances);
      const { threads, memoryBytes, signal, onProgress } = options;
      const inputs = balances.map((source) => source.input);
      const result = await engine(plan, inputs, isPartial ? [] : evidence.quantities, {
        threads,
        memoryBytes,
        temporaryDirectory: work,
        signal,
        onProgress,
      });
      try {
        const previous = await store.findLatestComplete();
        const facts = await sourceFacts(
          balances,
          result,
          options.loaded.configuration,
          previous,
          new FileHashes(signal),
        );
        const alone = sourceVerdicts(facts, balances, result, evidence, options.now().getTime());
        const together = isPartial ? [] : pairVerdicts(facts, balances, result, evidence, false);
        return [...alone, ...together, ...carried.warnings];
      } finally {
        await result.close();
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'cancelled') throw error;
      this.failures.push(failureOf(error, '', ''));
      return [];
    }
  }

  private described(source: SourceUnderCheck, files: readonly ReadFile[]): CheckedSource {
    const found = this.surveys.get(source);
    const read = files.find((file) => file.kind === source.kind && file.name === source.name);
    const rejected = found?.rejected ?? read?.rejections.length ?? 0;
    const rows = found?.rows ?? read?.rows ?? 0;
    return {
      source: source.name,
      system: source.config.system ?? '',
      kind: source.kind,
      at: source.at,
      file: shownPath(source, this.options.loaded.directory),
      format: source.config.format,
      ...source.described,
      bytes: source.file?.bytes ?? 0,
      rows,
      accepted: found?.accepted ?? rows - rejected,
      rejected,
      excluded: found?.excluded ?? {},
      as_of: source.balances?.asOf?.text ?? found?.asOf ?? '',
      first_rows: found?.firstRows ?? source.firstRows,
      rejections: found?.rejections ?? read?.rejections.slice(0, REJECTED_SHOWN_MAX) ?? [],
      failure: source.failure ?? null,
    };
  }
}

function verdictOf(failures: readonly CheckedFailure[], quality: readonly QualityNote[]): CheckResult['verdict'] {
  const kinds = new Set(failures.map((failure) => failure.kind));
  if (kinds.has('configuration')) return 'configuration';
  if (kinds.has('unreachable')) return 'unreachable';
  return kinds.size > 0 || quality.some((note) => note.severity === 'refused') ? 'refused' : 'ready';
}
