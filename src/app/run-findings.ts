/** Looks for systemic faults among all contributions of a run, and writes them as run.json names them. Decides no fault itself. */
import type { RunFinding } from '../contract/item-view.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import type { Contribution, Finding, KeyExplanation } from '../core/explain/explanation.ts';
import type { FactorCounts } from '../core/explain/systemic/factor-counts.ts';
import { type FindingLine, findFindings } from '../core/explain/systemic/find-findings.ts';
import type { JudgedVariance } from '../core/measure/judge-comparison.ts';
import { formatFixed, formatScaled } from '../core/model/decimal.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { isoAt } from './kept-item.ts';

export interface RunFindings {
  readonly findings: readonly RunFinding[];
  /** Of each contribution of a key, in their order; '' for none. */
  idsOf(key: JudgedVariance): readonly string[];
}

export interface FindingInput {
  readonly plan: Plan;
  /** In rank order. */
  readonly discrepancies: readonly JudgedVariance[];
  readonly explanationOf: (key: JudgedVariance) => KeyExplanation | undefined;
  /** In minor units; null where nothing is known. */
  readonly impactOf: (position: number) => bigint | null;
  readonly counts: FactorCounts;
  /** Offset of the clock that times are told in, such as -06:00 or Z. */
  readonly clock: string;
  readonly minorDecimals: number;
}

const NONE: readonly string[] = [];

/** A contribution in its place: the key's position among the discrepancies and its own among the key's contributions. */
interface Place {
  readonly position: number;
  readonly index: number;
}

/** Contributions in flight or unexplained are in no finding. `counts` is given the items of the master data where a fault lies in these. */
export function findRunFindings(input: FindingInput): RunFindings {
  const { discrepancies, counts } = input;
  const lines: FindingLine[] = [];
  const places: Place[] = [];
  for (const [position, key] of discrepancies.entries()) {
    const { contributions = [] } = input.explanationOf(key) ?? {};
    for (let index = 0; index < contributions.length; index++) {
      const contribution = contributions[index] as Contribution;
      if (contribution.cause === 'in-flight' || contribution.cause === 'unexplained') continue;
      const value = absoluteValue(key, contribution.quantity, input);
      lines.push({
        key,
        family: key.record?.family ?? '',
        contribution,
        value,
        impact: partOf(input, position, value),
      });
      places.push({ position, index });
    }
  }
  if (lines.some(({ contribution }) => contribution.cause === 'item-alias-missing')) countItems(input);
  const zone = input.clock === 'Z' ? 'UTC' : `UTC${input.clock}`;
  const { findings, findingOf } = findFindings(lines, counts, zone);
  const ids = new Map<JudgedVariance, string[]>();
  const covered: Set<number>[] = findings.map(() => new Set());
  const quantities = findings.map(() => 0n);
  for (const [line, finding] of findingOf.entries()) {
    if (finding < 0) continue;
    const { position, index } = places[line] as Place;
    const key = discrepancies[position] as JudgedVariance;
    const own = ids.get(key) ?? (input.explanationOf(key)?.contributions ?? []).map(() => '');
    own[index] = (findings[finding] as Finding).id;
    ids.set(key, own);
    (covered[finding] as Set<number>).add(position);
    quantities[finding] =
      (quantities[finding] as bigint) + BigInt(Math.abs((lines[line] as FindingLine).contribution.quantity));
  }
  return {
    findings: findings.map((finding, at) =>
      writeFinding(finding, (covered[at] as Set<number>).size, quantities[at] as bigint, input),
    ),
    idsOf: (key) => ids.get(key) ?? NONE,
  };
}

function countItems({ plan, counts }: FindingInput): void {
  for (const { item, family } of plan.master.items.values())
    counts.countDocument('items', { ...NO_ATTRIBUTES, family, document: item, item, at: 0 });
}

const NO_ATTRIBUTES = { interface: '', user: '', type: '', status: '', site: '', batch: '', file: '' };

/** What units of a key are worth without their sign, in minor units; 0 where no cost is known. */
function absoluteValue(key: JudgedVariance, quantity: number, { plan, minorDecimals }: FindingInput): bigint {
  if (key.unitCost === undefined) return 0n;
  const minor = valueMinor(quantity, plan.quantityDecimals, key.unitCost, minorDecimals);
  return minor < 0n ? -minor : minor;
}

/** The contribution's part of its key's impact, by its part of the value; never more than the whole. */
function partOf({ discrepancies, impactOf }: FindingInput, position: number, value: bigint): bigint {
  const impact = impactOf(position) ?? 0n;
  const whole = (discrepancies[position] as JudgedVariance).valueMinor ?? 0n;
  const gross = whole < 0n ? -whole : whole;
  return gross === 0n || value >= gross ? impact : (impact * value) / gross;
}

function writeFinding(finding: Finding, discrepancies: number, quantity: bigint, input: FindingInput): RunFinding {
  const { plan, minorDecimals, clock } = input;
  const { id, cause, title, factor, from, to, support, exposed, riskRatio, coverage, action } = finding;
  return {
    id,
    cause,
    title,
    factor,
    from: from === undefined ? '' : isoAt(from, clock),
    to: to === undefined ? '' : isoAt(to, clock),
    documents: support,
    documents_exposed: Math.max(exposed, support),
    risk_ratio: Number.isFinite(riskRatio) ? Number(riskRatio.toFixed(1)) : null,
    coverage: Math.min(1, coverage).toFixed(4),
    discrepancies,
    gross_variance_quantity: formatScaled(quantity, plan.quantityDecimals),
    gross_variance_value: formatFixed(finding.value, minorDecimals),
    impact_value: formatFixed(finding.impact, minorDecimals),
    action,
  };
}
