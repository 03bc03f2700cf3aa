/**
 * Says of every discrepancy of a run why it is there, since when, and what it costs: history, explanations, findings and
 * ranking, in this order. Decides the order only.
 */

import type { Configuration } from '../contract/configuration.ts';
import type { ItemView, RunFinding } from '../contract/item-view.ts';
import type { ExplanationFrame, RunDocument } from '../contract/run.ts';
import { append } from '../core/compare/ledger-evidence.ts';
import type { ItemEvidence, KeyName } from '../core/explain/evidence.ts';
import type { Traits } from '../core/explain/traits.ts';
import type { Verdict } from '../core/gate/quality-gate.ts';
import type { JudgedVariance, Judgement } from '../core/measure/judge-comparison.ts';
import type { HandedOn, HistoryKey } from '../core/measure/key-history.ts';
import type { Role } from '../core/model/balance.ts';
import type { Rejection } from '../core/model/rejection.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { EngineResult, StatusQuantity } from '../engine/comparison-input.ts';
import { readItemDocuments } from '../engine/evidence/item-documents.ts';
import { writeKeyHistory } from '../store/key-history-file.ts';
import type { ReadHistory } from '../store/read-key-history.ts';
import type { BalanceSource } from './balance-sources.ts';
import { type ExplainedRun, type ExplainRunOptions, explainRun } from './explain-run.ts';
import type { FoundCutOffs } from './find-cut-offs.ts';
import { buildItemView } from './item-view.ts';
import { type KeptExplanation, keepEvidence, keepExplanations } from './keep-explanations.ts';
import { keptDetails } from './kept-details.ts';
import { describeItem, isoAt, type KeptKey } from './kept-item.ts';
import type { HistoryOf } from './key-facts.ts';
import type { Opening } from './open-opening.ts';
import { type RankedRun, rankRun } from './rank-run.ts';
import type { ReadDemand } from './read-demand.ts';
import type { Evidence } from './read-evidence.ts';
import { findRunFindings, type RunFindings } from './run-findings.ts';
import { type LineFacts, type RunLines, uomOf } from './run-lines.ts';
import { clockIn, snapshotMoments } from './snapshot-moments.ts';

/** Items that the report's page opens with. */
const SHOWN_ITEMS = 200;

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
  readonly past: ReadHistory;
  readonly configuration: Configuration;
  readonly demand: ReadDemand;
}

export interface Diagnosis {
  /** Its discrepancies in the order of the ranking. */
  readonly judgement: Judgement;
  readonly facts: LineFacts;
  readonly findings: readonly RunFinding[];
  readonly ordersAtRisk: RankedRun['ordersAtRisk'];
  readonly frame: ExplanationFrame;
  readonly verdicts: readonly Verdict[];
  readonly explained: ExplainedRun;
  /** Rows of the evidence that could not be used, beside those that were found before the comparison. */
  readonly rejections: readonly Rejection[];
  /** What the run hands on to the next one; the same each time. */
  handOn(lines: RunLines): HandedOn;
  /** Views of the first items in rank order. */
  views(lines: RunLines, run: RunDocument): Promise<ItemView[]>;
  /** Keeps the evidence and what was made of it in the folder of the run. */
  keep(folder: string, lines: RunLines): Promise<void>;
}

/** Reads the evidence of every key that is off. What it returns is complete; nothing is kept before `keep` is called. */
export async function diagnoseRun(input: DiagnosisInput, options: ExplainRunOptions): Promise<Diagnosis> {
  const { plan, evidence, sources, minorDecimals } = input;
  const { history } = input.past;
  const named = ({ site, item, owner, lot, category }: KeyName): HistoryKey => ({
    site,
    item,
    owner,
    lot,
    category: plan.categories[category] ?? '',
  });
  const historyOf: HistoryOf = (key) => history.variancesOf(named(key), plan.quantityDecimals);
  const explained = await explainRun({ ...input, historyOf }, options);
  const clockOf = (system: string): string =>
    clockIn(sources.find(({ config }) => config.system === system && config.as_of !== undefined)?.asOf?.text);
  const frame = frameOf(input, explained, clockOf);
  const ageDaysOf = (key: JudgedVariance): number | undefined =>
    Number(history.seen(named(key), explained.of(key)?.onset).days_out_of_sync);
  const ranked = await rankRun({
    ...input,
    explanationOf: explained.of,
    ageDaysOf,
    localCutOffMs: localTime(frame.cut_offs.erp),
    uomOf: (key) => uomOf(key, plan),
  });
  const judgement: Judgement = { ...input.judgement, discrepancies: ranked.lines };
  const found = findRunFindings({
    plan,
    discrepancies: judgement.discrepancies,
    explanationOf: explained.of,
    impactOf: ranked.impactMinor,
    counts: explained.counts,
    clock: clockIn(frame.cut_offs.erp),
    minorDecimals,
  });
  const facts: LineFacts = {
    explanationOf: explained.of,
    findingIdsOf: found.idsOf,
    urgencyOf: ranked.urgencyOf,
    seenOf: (key, onset) => history.seen(named(key), onset),
  };
  let handedOn: HandedOn | undefined;
  const handOn = (lines: RunLines): HandedOn => {
    const onsetOf = (position: number): number | undefined =>
      explained.of(judgement.discrepancies[position] as JudgedVariance)?.onset;
    handedOn ??= history.next(lines.discrepancies(), { onsetOf });
    return handedOn;
  };
  return {
    handOn,
    judgement,
    ...{ facts, frame, findings: found.findings, ordersAtRisk: ranked.ordersAtRisk },
    verdicts: snapshotVerdicts(explained.traits, frame),
    explained,
    rejections: newRejections(explained, evidence),
    views: async (lines, run) => {
      const items = new Set(ranked.lines.slice(0, SHOWN_ITEMS).map(({ item }) => item));
      const shown = await readEvidenceOf(items, explained.evidenceFiles);
      const balances = await input.result.findBalances((item) => items.has(item));
      const kept = keptExplanations(judgement, explained, found, ranked, lines, (item) => items.has(item));
      return viewsOf(run, kept, shown, balances);
    },
    keep: async (folder, lines) => {
      await writeKeyHistory(folder, handOn(lines));
      await keepExplanations(folder, keptExplanations(judgement, explained, found, ranked, lines));
      await keepEvidence(folder, explained.evidenceFiles);
    },
  };
}

function frameOf(
  { plan, judgement, cutOffs, evidence }: DiagnosisInput,
  { openingAt, traits }: ExplainedRun,
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
    time_zone_shifts: traits.systemic.timeZoneShifts,
  } satisfies RunDocument['explanation'];
}

async function readEvidenceOf(
  items: ReadonlySet<string>,
  files: readonly string[],
): Promise<ReadonlyMap<string, ItemEvidence>> {
  const documents = await Promise.all(files.map((file) => readItemDocuments<ItemEvidence>(file, items)));
  return new Map(documents.flat().map((evidence) => [evidence.item, evidence]));
}

/** A time as its own clock shows it, in milliseconds as if that were UTC; the start of 1970 where none is known. */
function localTime(text: string): number {
  const local = Date.parse(`${text.slice(0, 19)}Z`);
  return Number.isNaN(local) ? 0 : local;
}

/** A snapshot of another moment than it says refuses the run: each of its lines would be a false alarm. */
function snapshotVerdicts({ systemic }: Traits, { cut_offs }: ExplanationFrame): Verdict[] {
  const clock = clockIn(cut_offs.erp);
  const nameOf = (role: Role, sites: readonly string[] | undefined): string =>
    `the ${role.toUpperCase()}'s snapshot${sites === undefined ? '' : ` of ${sites.join(', ')}`}`;
  const stale = systemic.staleSnapshots.map(
    ({ role, sites, at }): Verdict => ({
      severity: 'refused',
      code: 'SNAPSHOT_STALE',
      source: '',
      message: `${nameOf(role, sites)} is older than it says: it lacks everything that was booked after ${isoAt(at, clock)}`,
      action: 'Fetch it again. With --force its lines are reported, each with this as its cause.',
    }),
  );
  const shifted = systemic.timeZoneShifts.map(
    ({ role, sites, hours }): Verdict => ({
      severity: 'warning',
      code: 'CUT_OFF_TIME_ZONE',
      source: '',
      message: `${nameOf(role, sites)} was taken ${Math.abs(hours)} hours ${hours > 0 ? 'before' : 'after'} the cut-off that it states`,
      action: 'Correct as_of or the time zone of this source; nothing is posted.',
    }),
  );
  return [...stale, ...shifted];
}

/** Rows that were rejected when the evidence near the cut-offs was read are told once. */
function newRejections(explained: ExplainedRun, evidence: Evidence): Rejection[] {
  // A source may have several files, and a file may be that of several sources.
  const told = new Map<string, Set<number>>();
  for (const { name, file, rejections } of evidence.files)
    told.set(`${name}\u0000${file.path}`, new Set(rejections.map(({ row }) => row)));
  return explained.collected.flatMap(({ input, outcome }) =>
    outcome.rejections.filter(({ row }) => !told.get(`${input.name}\u0000${input.file.path}`)?.has(row)),
  );
}

/** Item by item, discrepancies before what is in flight only. A line is made when its item is due: a million of them would fill the memory. */
function* keptExplanations(
  judgement: Judgement,
  explained: ExplainedRun,
  findings: RunFindings,
  ranked: RankedRun,
  lines: RunLines,
  isWanted: (item: string) => boolean = () => true,
): Generator<KeptExplanation> {
  const { discrepancies, timing } = judgement;
  const keep = (position: number): KeptKey[] => {
    const isTiming = position >= discrepancies.length;
    const key = (isTiming ? timing[position - discrepancies.length] : discrepancies[position]) as JudgedVariance;
    const explanation = explained.of(key);
    if (explanation === undefined) return [];
    const line = isTiming ? lines.timingAsLine(key) : lines.discrepancyAt(position);
    return [{ line, explanation, findingIds: findings.idsOf(key), terms: isTiming ? [] : ranked.termsOf(position) }];
  };
  const byItem = new Map<string, number[]>();
  for (const [position, key] of [...discrepancies, ...timing].entries())
    if (isWanted(key.item)) append(byItem, key.item, position);
  for (const [item, positions] of byItem) {
    const keys = positions.flatMap(keep);
    if (keys.length > 0) yield { item, keys };
  }
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
