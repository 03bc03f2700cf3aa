/**
 * Explains a simulated world with the core alone, in this process: what the product's run does set by set, in the plainest way.
 * Never looks at the truth. For those who work on causes: a world takes seconds, and every explanation is at hand.
 */

import { append } from '../../src/core/compare/ledger-evidence.ts';
import { amend } from '../../src/core/explain/amendment.ts';
import { estimateHabits } from '../../src/core/explain/estimate-habits.ts';
import type { ItemEvidence, KeyFacts, KeyName } from '../../src/core/explain/evidence.ts';
import { explainAcross } from '../../src/core/explain/explain-across.ts';
import { explainItem } from '../../src/core/explain/explain-item.ts';
import type { KeyExplanation } from '../../src/core/explain/explanation.ts';
import type { FactorCounts } from '../../src/core/explain/systemic/factor-counts.ts';
import { type FindingResult, findFindings } from '../../src/core/explain/systemic/find-findings.ts';
import { findSystemicTraits, type SystemicResult } from '../../src/core/explain/systemic/find-systemic-traits.ts';
import { UNMAPPED } from '../../src/core/model/balance.ts';
import { countDocuments } from './count-documents.ts';
import type { ReportedKey, ReportedRun } from './reported-run.ts';
import type { WorldEvidence } from './world-evidence.ts';
import { keyOf } from './world-truth.ts';

/** Items whose habits are learned; drawn by position, which says nothing of their variances. */
const SAMPLE_MAX = 400;

export interface ExplainedWorld {
  readonly run: ReportedRun;
  readonly systemic: SystemicResult;
  /** As the core gave them, for a closer look. */
  readonly explanations: ReadonlyMap<string, KeyExplanation>;
}

export function explainInCore(world: WorldEvidence): ExplainedWorld {
  const { items, settings, plan } = world;
  const systemOf = (role: 'erp' | 'wms', site: string): string =>
    role === 'wms' ? (plan.wmsOf(site) ?? '') : (plan.systems.find((system) => system.role === 'erp')?.id ?? '');
  const systemic = findSystemicTraits(items, { ...settings, systemOf, earlierShifts: [] });
  const step = Math.max(1, Math.ceil(items.length / SAMPLE_MAX));
  const sample = items.filter((_, index) => index % step === 0);
  const traits = { habits: estimateHabits(sample, settings), systemic: systemic.traits, resolved: [] };
  const outOfSync = items.map(keepVariances).filter(({ keys }) => keys.length > 0);
  const explained = outOfSync.map((evidence) => explainItem(evidence, traits, settings));
  const leftovers = explained.flatMap((item) => item.leftovers);
  const nameOf = (key: KeyName): string => keyOf({ ...key, category: plan.categories[key.category] ?? '' });
  const counts = countDocuments(world);
  const linesOfBatch = (batch: string): number => counts.populations.erp.linesWith({ batch }) ?? 0;
  const amendments = new Map<string, ReturnType<typeof explainAcross>>();
  for (const amendment of explainAcross(leftovers, traits, settings, linesOfBatch))
    append(amendments, nameOf(amendment.key), amendment);
  const explanations = new Map(
    explained
      .flatMap(({ keys }) => keys)
      .map((key) => [nameOf(key), amend(key, amendments.get(nameOf(key)) ?? [])] as const),
  );
  const facts = new Map(outOfSync.flatMap(({ keys }) => keys.map((key) => [nameOf(key), key] as const)));
  const { found, titlesOf } = findFindingsOf(explanations, world, counts, traits.habits.postsSummaries);
  const scale = 10 ** (6 - settings.quantityDecimals);
  const keys = [...explanations].map(
    ([name, explanation]) =>
      [
        name,
        {
          ...report(explanation, facts.get(name) as KeyFacts, scale, world.utcOffsetMs),
          findings: titlesOf.get(name) ?? [],
        },
      ] as const,
  );
  const snapshotFaults = systemic.shifts.map(({ hours }) =>
    hours === undefined ? 'snapshot-stale' : 'cutoff-time-zone',
  );
  const isRefused = snapshotFaults.includes('snapshot-stale');
  return { run: { keys: new Map(keys), findings: found.findings, snapshotFaults, isRefused }, systemic, explanations };
}

/** What a run reads of an item: its keys that are out of sync, and its stock that no category takes. */
function keepVariances(evidence: ItemEvidence): ItemEvidence {
  // What is on its way may hide a fault of the same size.
  const isOut = ({ category, wms, erp, inFlight }: KeyFacts): boolean =>
    category !== UNMAPPED && (wms !== erp || inFlight !== 0);
  if (!evidence.keys.some(isOut)) return { ...evidence, keys: [] };
  return { ...evidence, keys: evidence.keys.filter((key) => isOut(key) || key.category === UNMAPPED) };
}

function findFindingsOf(
  explanations: ReadonlyMap<string, KeyExplanation>,
  { plan, utcOffsetMs }: WorldEvidence,
  counts: FactorCounts,
  postsSummaries: boolean,
): { found: FindingResult; titlesOf: ReadonlyMap<string, string[]> } {
  const lines = [...explanations].flatMap(([name, key]) => {
    const record = plan.master.items.get(key.item);
    return key.contributions.map((contribution) => ({
      ...{ name, key, contribution, family: record?.family ?? '', impact: 0n },
      value: BigInt(Math.abs(contribution.quantity)) * (record?.unitCost?.coefficient ?? 0n),
    }));
  });
  const hours = Math.abs(utcOffsetMs) / 3_600_000;
  const zone = `UTC${utcOffsetMs < 0 ? '-' : '+'}${hours}`;
  const found = findFindings(lines, counts, zone, postsSummaries);
  const titlesOf = new Map<string, string[]>();
  for (const [index, position] of found.findingOf.entries()) {
    const finding = found.findings[position];
    if (finding !== undefined) append(titlesOf, (lines[index] as (typeof lines)[number]).name, finding.title);
  }
  return { found, titlesOf };
}

function report(
  explanation: KeyExplanation,
  facts: KeyFacts,
  scale: number,
  utcOffsetMs: number,
): Omit<ReportedKey, 'findings'> {
  const { contributions, onset } = explanation;
  const inFlight = contributions.reduce(
    (sum, { cause, quantity }) => (cause === 'in-flight' ? sum + quantity : sum),
    0,
  );
  const main = contributions.find(({ cause }) => cause !== 'in-flight');
  return {
    netVariance: (facts.wms - facts.erp - inFlight) * scale,
    side: main?.side ?? '',
    onsetDay: onset === undefined ? '' : new Date(onset + utcOffsetMs).toISOString().slice(0, 10),
    contributions: contributions.map(({ cause, quantity, confidence }) => ({
      cause,
      quantity: quantity * scale,
      confidence,
    })),
  };
}
