/** Gathers what is known of the inputs of a run: for run.json, and for the quality gate. Never judges. */
import type { Configuration } from '../contract/configuration.ts';
import type { RunDocument, RunInput } from '../contract/run.ts';
import { type AligningOf, judgePair, judgeSource, type SourceFacts, type Verdict } from '../core/gate/quality-gate.ts';
import type { EngineResult, InputOutcome } from '../engine/comparison-input.ts';
import type { CollectedInput } from '../engine/evidence/evidence-collector.ts';
import type { EvidenceInput } from '../engine/evidence/evidence-input.ts';
import type { BalanceSource } from './balance-sources.ts';
import { evidenceWarnings } from './evidence-warnings.ts';
import type { ExplainedRun } from './explain-run.ts';
import type { FileHashes } from './file-hashes.ts';
import { inputWarnings } from './input-warnings.ts';
import { gateLimits } from './make-plan.ts';
import type { ReadDemand } from './read-demand.ts';
import type { Evidence } from './read-evidence.ts';
import type { ReadFile, ReadMasterData } from './read-master-data.ts';

const excludedOf = (outcome: InputOutcome): number =>
  Object.values(outcome.excluded).reduce((sum, count) => sum + count, 0);

/** What a run read, as far as it came: without `result` the rows of the balances were not. */
export interface InputSources {
  readonly sources: readonly BalanceSource[];
  readonly result?: EngineResult;
  readonly master?: ReadMasterData | undefined;
  readonly evidence?: Evidence;
  readonly demand?: Pick<ReadDemand, 'files'>;
  readonly explained?: Pick<ExplainedRun, 'collected'> | undefined;
}

/** A file that is gone before its rows were read has no hash. */
export async function inputsOf(
  { sources, result, master, evidence, demand, explained }: InputSources,
  hashes: FileHashes,
): Promise<RunInput[]> {
  const hashOf = (path: string): Promise<string> =>
    result === undefined ? hashes.of(path).catch(() => '') : hashes.of(path);
  const balances = sources.map(async (source, index): Promise<RunInput> => {
    const outcome = result?.inputs[index];
    const { completeness } = source.input;
    return {
      source: source.input.name,
      system: source.config.system,
      kind: 'balances',
      file: source.file.name,
      sha256: source.isCarriedForward ? '' : await hashOf(source.file.path),
      bytes: source.file.bytes,
      rows: outcome?.rows ?? 0,
      rejected: outcome?.rejected ?? 0,
      excluded: outcome === undefined ? 0 : excludedOf(outcome),
      duplicates: outcome?.duplicates ?? 0,
      as_of: source.asOf?.text ?? outcome?.asOf?.lastText ?? '',
      ...(completeness === 'full' ? {} : { completeness }),
    };
  });
  // A source may have several files.
  const fileOf = ({ name, file }: Pick<ReadFile, 'name' | 'file'>): string => `${name}\u0000${file.path}`;
  const gathered = new Map((explained?.collected ?? []).map(({ input, outcome }) => [fileOf(input), outcome]));
  const repeated = new Map((evidence?.files ?? []).map((file) => [fileOf(file), file.repeats?.rows.size ?? 0]));
  const others = [...(master?.files ?? []), ...(evidence?.files ?? []), ...(demand?.files ?? [])].map(
    async (read): Promise<RunInput> => {
      // Rows of the evidence that were rejected when it was gathered come on top, each once.
      const rejections = [...read.rejections, ...(gathered.get(fileOf(read))?.rejections ?? [])];
      const leftOut = repeated.get(fileOf(read)) ?? 0;
      return {
        source: read.name,
        system: read.system,
        kind: read.kind as RunInput['kind'],
        file: read.file.name,
        sha256: await hashOf(read.file.path),
        bytes: read.file.bytes,
        rows: read.rows,
        rejected: new Set(rejections.map(({ row }) => row)).size,
        excluded: leftOut,
        duplicates: 0,
        as_of: '',
        ...(leftOut > 0 && { repeated: leftOut }),
      };
    },
  );
  const openings = (explained?.collected ?? []).flatMap(({ input, outcome }) =>
    input.kind === 'balances' ? [openingOf(input, outcome, hashOf)] : [],
  );
  return Promise.all([...balances, ...others, ...openings]);
}

async function openingOf(
  { name, rules, file }: EvidenceInput,
  { rows, rejections }: CollectedInput,
  hashOf: (path: string) => Promise<string>,
): Promise<RunInput> {
  const sha256 = await hashOf(file.path);
  const counts = { rows, rejected: rejections.length, excluded: 0, duplicates: 0 };
  const { system } = rules;
  return { source: name, system, kind: 'opening', file: file.name, sha256, bytes: file.bytes, ...counts, as_of: '' };
}

/**
 * In the order of the sources, without what is carried forward: that was judged by the run that kept it. `previous` is the
 * last complete run, from which each source of the same name is compared.
 */
export async function sourceFacts(
  sources: readonly BalanceSource[],
  result: EngineResult,
  configuration: Configuration,
  previous: RunDocument | undefined,
  hashes: FileHashes,
): Promise<SourceFacts[]> {
  return Promise.all(
    sources
      .flatMap((source, index) => (source.isCarriedForward ? [] : [{ source, index }]))
      .map(async ({ source, index }) => {
        const outcome = result.inputs[index] as InputOutcome;
        const before = previous?.inputs.find(
          (input) => input.kind === 'balances' && input.source === source.input.name,
        );
        return {
          source: source.input.name,
          system: source.config.system,
          role: source.input.rules.role,
          file: source.file.name,
          sheet: source.config.sheet,
          sha256: await hashes.of(source.file.path),
          isDelta: source.config.completeness === 'delta',
          rows: outcome.rows,
          accepted: outcome.accepted,
          rejected: outcome.rejected,
          duplicates: outcome.duplicates,
          mustBeUnique: source.config.unique,
          asOf: source.asOf ?? (outcome.asOf && { epochMs: outcome.asOf.last, text: outcome.asOf.lastText }),
          asOfSpreadMs: outcome.asOf === undefined ? 0 : outcome.asOf.last - outcome.asOf.first,
          limits: gateLimits(source.config, configuration.quality),
          previous: before &&
            previous && {
              runId: previous.run_id,
              rows: before.rows,
              sha256: before.sha256,
              asOf: before.as_of,
              isDelta: before.completeness === 'delta',
            },
        };
      }),
  );
}

/** The gate's verdicts on each source alone, and what else deserves a warning. */
export function sourceVerdicts(
  facts: readonly SourceFacts[],
  sources: readonly BalanceSource[],
  result: EngineResult,
  evidence: Evidence,
  startedAtMs: number,
): Verdict[] {
  const verdicts = facts.flatMap((fact) => judgeSource(fact, startedAtMs));
  for (const [index, source] of sources.entries())
    verdicts.push(...inputWarnings(source, result.inputs[index] as InputOutcome));
  verdicts.push(...evidence.files.flatMap(evidenceWarnings));
  if (evidence.unplaced > 0) {
    const message = `${evidence.unplaced} pending ${evidence.unplaced === 1 ? 'message names' : 'messages name'} no item, quantity or status, and no movement does: what they hold is not counted as in flight`;
    verdicts.push({
      severity: 'warning',
      code: 'MESSAGES_UNPLACED',
      source: 'messages',
      message,
      action: 'Add item, quantity and status to the message log, or the movements.',
    });
  }
  if (result.comparison.uncoveredKeys > 0) {
    const message = `${result.comparison.uncoveredKeys} keys are not compared: a partial snapshot does not mention them`;
    verdicts.push({
      severity: 'warning',
      code: 'KEYS_NOT_COVERED',
      source: '',
      message,
      action: 'Compare a full snapshot to cover them.',
    });
  }
  return verdicts;
}

/** The gate's verdicts on the sources together. Of a filtered run the keys say nothing, so they are not judged. */
export function pairVerdicts(
  facts: readonly SourceFacts[],
  sources: readonly BalanceSource[],
  result: EngineResult,
  evidence: Evidence,
  isFiltered: boolean,
): Verdict[] {
  const aligningOf: AligningOf = (later, earlierMs) => {
    if (!evidence.sides[later]) return 'none';
    return evidence.ends[later] > earlierMs ? 'given' : 'nothing-between';
  };
  if (isFiltered)
    return judgePair(facts, { erpKeys: 0, wmsKeys: 0, bothKeys: 0, erpPartial: true, wmsPartial: true }, aligningOf);
  const sum = (name: 'erpKeys' | 'wmsKeys' | 'bothKeys'): number =>
    result.comparison.cells.reduce((all, cell) => all + cell[name], 0);
  const isPartial = (role: 'erp' | 'wms'): boolean =>
    sources.some((source) => source.input.rules.role === role && source.config.completeness === 'partial');
  const overlap = {
    erpKeys: sum('erpKeys'),
    wmsKeys: sum('wmsKeys'),
    bothKeys: sum('bothKeys'),
    erpPartial: isPartial('erp'),
    wmsPartial: isPartial('wms'),
  };
  return judgePair(facts, overlap, aligningOf);
}
