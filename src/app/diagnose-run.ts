/**
 * Says of every discrepancy of a run why it is there, since when, and what it costs: history, explanations, findings and
 * ranking, in this order. Decides the order only.
 */

import type { ItemView, RunFinding } from '../contract/item-view.ts';
import type { ExplanationFrame, RunDocument } from '../contract/run.ts';
import { append } from '../core/compare/ledger-evidence.ts';
import type { ItemEvidence } from '../core/explain/evidence.ts';
import type { Verdict } from '../core/gate/quality-gate.ts';
import type { JudgedVariance, Judgement } from '../core/measure/judge-comparison.ts';
import type { Rejection } from '../core/model/rejection.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { EngineResult, StatusQuantity } from '../engine/comparison-input.ts';
import type { BalanceSource } from './balance-sources.ts';
import { type ExplainedRun, type ExplainRunOptions, explainRun } from './explain-run.ts';
import type { FoundCutOffs } from './find-cut-offs.ts';
import { buildItemView } from './item-view.ts';
import { type KeptExplanation, keepEvidence, keepExplanations } from './keep-explanations.ts';
import { keptDetails } from './kept-details.ts';
import { describeItem, type KeptKey } from './kept-item.ts';
import type { Opening } from './open-opening.ts';
import type { Evidence } from './read-evidence.ts';
import { findRunFindings, type RunFindings } from './run-findings.ts';
import type { LineFacts, RunLines } from './run-lines.ts';
import { clockIn, snapshotMoments } from './snapshot-moments.ts';

export interface DiagnosisInput {
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly result: EngineResult;
  readonly sources: readonly BalanceSource[];
  readonly evidence: Evidence;
  readonly opening: Opening;
  readonly cutOffs: FoundCutOffs;
  readonly minorDecimals: number;
  readonly dataDirectory: string;
}

export interface Diagnosis {
  /** Its discrepancies in the order of the ranking. */
  readonly judgement: Judgement;
  readonly facts: LineFacts;
  readonly findings: readonly RunFinding[];
  readonly frame: ExplanationFrame;
  readonly verdicts: readonly Verdict[];
  readonly explained: ExplainedRun;
  /** Rows of the evidence that could not be used, beside those that were found before the comparison. */
  readonly rejections: readonly Rejection[];
  /** Views of the first items in rank order. */
  views(lines: RunLines, run: RunDocument): Promise<ItemView[]>;
  /** Keeps the evidence and what was made of it in the folder of the run. */
  keep(folder: string, lines: RunLines): Promise<void>;
}

export async function diagnoseRun(input: DiagnosisInput, options: ExplainRunOptions): Promise<Diagnosis> {
  const { plan, judgement, evidence, sources, minorDecimals } = input;
  const explained = await explainRun({ ...input, historyOf: () => [] }, options);
  const clockOf = (system: string): string =>
    clockIn(sources.find(({ config }) => config.system === system && config.as_of !== undefined)?.asOf?.text);
  const frame = frameOf(input, explained.openingAt, clockOf);
  const found = findRunFindings({
    plan,
    discrepancies: judgement.discrepancies,
    explanationOf: explained.of,
    impactOf: () => null,
    counts: explained.counts,
    clock: clockIn(frame.cut_offs.erp),
    minorDecimals,
  });
  const facts: LineFacts = {
    explanationOf: explained.of,
    findingIdsOf: found.idsOf,
    urgencyOf: () => ({ impact_value: '', priority: '' }),
    seenOf: () => ({ first_seen: '', days_out_of_sync: '' }),
  };
  return {
    judgement,
    facts,
    findings: found.findings,
    frame,
    verdicts: [],
    explained,
    rejections: newRejections(explained, evidence),
    views: async (lines, run) => {
      const shown = new Map(explained.shown.map((evidence) => [evidence.item, evidence]));
      const balances = await input.result.findBalances((item) => shown.has(item));
      const kept = keptExplanations(judgement, explained, found, lines, (item) => shown.has(item));
      return viewsOf(run, kept, shown, balances);
    },
    keep: async (folder, lines) => {
      const { temporaryDirectory } = options;
      await keepExplanations(folder, keptExplanations(judgement, explained, found, lines), temporaryDirectory);
      if (explained.evidenceFiles.length > 0) await keepEvidence(folder, explained.evidenceFiles, temporaryDirectory);
    },
  };
}

function frameOf(
  { plan, judgement, cutOffs, evidence }: DiagnosisInput,
  openingAt: ExplainedRun['openingAt'],
  clockOf: (system: string) => string,
) {
  const hasLedger = (role: 'erp' | 'wms'): boolean =>
    evidence.inputs.some(({ kind, rules }) => kind === 'movements' && rules.role === role);
  const sites = [...judgement.bySite.keys()];
  return {
    given: {
      erp_ledger: hasLedger('erp'),
      wms_ledger: hasLedger('wms'),
      messages: evidence.inputs.some(({ kind }) => kind === 'messages'),
    },
    cut_offs: snapshotMoments(cutOffs, sites, plan, clockOf),
    openings: openingAt === undefined ? null : snapshotMoments(openingAt, sites, plan, clockOf),
    categories: plan.categories,
    quantity_decimals: plan.quantityDecimals,
    erp_systems: plan.systems.flatMap(({ id, role }) => (role === 'erp' ? [id] : [])),
  } satisfies RunDocument['explanation'];
}

/** Rows that were rejected when the evidence near the cut-offs was read are told once. */
function newRejections(explained: ExplainedRun, evidence: Evidence): Rejection[] {
  const told = new Map(evidence.files.map(({ name, rejections }) => [name, new Set(rejections.map(({ row }) => row))]));
  return explained.collected.flatMap(({ input, outcome }) =>
    outcome.rejections.filter(({ row }) => !told.get(input.name)?.has(row)),
  );
}

/** Item by item, discrepancies before what is in flight only. */
function* keptExplanations(
  judgement: Judgement,
  explained: ExplainedRun,
  findings: RunFindings,
  lines: RunLines,
  isWanted: (item: string) => boolean = () => true,
): Generator<KeptExplanation> {
  const byItem = new Map<string, KeptKey[]>();
  const keep = (key: JudgedVariance, line: KeptKey['line']): void => {
    const explanation = explained.of(key);
    if (explanation !== undefined && isWanted(key.item))
      append(byItem, key.item, { line, explanation, findingIds: findings.idsOf(key), terms: [] });
  };
  for (const [index, line] of enumerate(lines.discrepancies()))
    keep(judgement.discrepancies[index] as JudgedVariance, line);
  for (const key of judgement.timing) keep(key, lines.timingAsLine(key));
  for (const [item, keys] of byItem) yield { item, keys };
}

function viewsOf(
  run: RunDocument,
  explanations: Iterable<KeptExplanation>,
  shown: ReadonlyMap<string, ItemEvidence>,
  balances: readonly StatusQuantity[],
): ItemView[] {
  const byItem = new Map<string, StatusQuantity[]>();
  for (const balance of balances) append(byItem, balance.item, balance);
  return [...explanations].map((explanation) => {
    const { item } = explanation;
    return buildItemView(describeItem(keptDetails(run, explanation, shown.get(item), byItem.get(item) ?? [])), { run });
  });
}

function* enumerate<T>(values: Iterable<T>): Generator<[number, T]> {
  let index = 0;
  for (const value of values) yield [index++, value];
}
