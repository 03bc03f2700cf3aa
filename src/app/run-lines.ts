/** Writes what a comparison means as the lines of the contract. Never decides what a line means. */
import type { DiscrepancyLine, TIMING_COLUMNS, UnmappedStatus } from '../contract/run.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import type { Comparison } from '../core/compare/variance.ts';
import type { Contribution, KeyExplanation, Proof } from '../core/explain/explanation.ts';
import type { JudgedVariance, Judgement } from '../core/measure/judge-comparison.ts';
import { formatDecimal, formatFixed, formatScaled } from '../core/model/decimal.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { confidenceText } from './confidence-text.ts';

export type TimingLine = Readonly<Record<(typeof TIMING_COLUMNS)[number], string>>;

export const CONTRIBUTION_COLUMNS = [
  'site',
  'item',
  'owner',
  'lot',
  'category',
  'cause',
  'quantity',
  'confidence',
  'evidence',
  'action',
] as const;

/** What is known of lines beside their comparison. `position` is the rank less one. */
export interface LineFacts {
  readonly explanationOf: (key: JudgedVariance) => KeyExplanation | undefined;
  /** Of each contribution, in their order; empty where there is none. */
  readonly findingIdsOf: (key: JudgedVariance) => readonly string[];
  readonly urgencyOf: (position: number) => Pick<DiscrepancyLine, 'impact_value' | 'priority'>;
  readonly seenOf: (
    key: JudgedVariance,
    onset: number | undefined,
  ) => Pick<DiscrepancyLine, 'first_seen' | 'days_out_of_sync'>;
}

/** Of a run that explains nothing, such as a refused one. */
const NO_FACTS: LineFacts = {
  explanationOf: () => undefined,
  findingIdsOf: () => [],
  urgencyOf: () => ({ impact_value: '', priority: '' }),
  seenOf: () => ({ first_seen: '', days_out_of_sync: '' }),
};

/** Proofs of one contribution that are named in a table. */
const PROOFS_NAMED = 12;

/** More lines than this are made again for each form rather than kept: 1 KB each. */
const KEPT_LINES_MAX = 200_000;

export class RunLines {
  private kept: DiscrepancyLine[] | undefined;
  private readonly plan: Plan;
  private readonly judgement: Judgement;
  private readonly currency: string;
  private readonly minorDecimals: number;
  private readonly facts: LineFacts;

  constructor(plan: Plan, judgement: Judgement, currency: string, minorDecimals: number, facts: LineFacts = NO_FACTS) {
    this.facts = facts;
    this.plan = plan;
    this.judgement = judgement;
    this.currency = currency;
    this.minorDecimals = minorDecimals;
  }

  private quantity(scaled: number | bigint): string {
    return formatScaled(scaled, this.plan.quantityDecimals);
  }

  /** What every line says of its key, whether it is a discrepancy or timing only. */
  private keyColumns(key: JudgedVariance) {
    return {
      site: key.site,
      item: key.item,
      owner: key.owner,
      lot: key.lot,
      category: key.categoryName,
      description: key.record?.description ?? '',
      erp_quantity: this.quantity(key.erp),
      wms_quantity: this.quantity(key.wms),
      variance_quantity: this.quantity(key.variance),
      in_flight_quantity: this.quantity(key.inFlight),
      net_variance_quantity: this.quantity(key.netVariance),
      uom: uomOf(key, this.plan),
      unit_cost: key.unitCost === undefined ? '' : formatDecimal(key.unitCost),
    };
  }

  /** In rank order. May be iterated more than once: each form of the report does. */
  discrepancies(): Iterable<DiscrepancyLine> {
    if (this.judgement.discrepancies.length > KEPT_LINES_MAX) return this.makeDiscrepancies();
    this.kept ??= [...this.makeDiscrepancies()];
    return this.kept;
  }

  private *makeDiscrepancies(): Generator<DiscrepancyLine> {
    let rank = 0;
    for (const key of this.judgement.discrepancies) yield this.discrepancy(key, ++rank);
  }

  /** The line of rank `position` + 1. */
  discrepancyAt(position: number): DiscrepancyLine {
    return (
      this.kept?.[position] ?? this.discrepancy(this.judgement.discrepancies[position] as JudgedVariance, position + 1)
    );
  }

  /** A key that is out of step only by what is in flight, in the shape of a discrepancy: without a rank. */
  timingAsLine(key: JudgedVariance): DiscrepancyLine {
    return { ...this.discrepancy(key, 0), rank: '', direction: '' };
  }

  /** `rank` is 0 for a key that has none. */
  private discrepancy(key: JudgedVariance, rank: number): DiscrepancyLine {
    const explanation = this.facts.explanationOf(key);
    return {
      rank: String(rank),
      ...this.keyColumns(key),
      variance_value: key.valueMinor === null ? '' : formatFixed(key.valueMinor, this.minorDecimals),
      currency: this.currency,
      direction: key.netVariance < 0 ? 'erp-overstated' : 'erp-understated',
      ...this.causeColumns(key, explanation),
      ...(rank === 0 ? NO_FACTS.urgencyOf(0) : this.facts.urgencyOf(rank - 1)),
      ...this.facts.seenOf(key, explanation?.onset),
      case_id: '',
      absent_from: key.erpPresent ? (key.wmsPresent ? '' : 'wms') : 'erp',
    };
  }

  /** The cause that explains most of the line; its finding is that of this contribution. */
  private causeColumns(key: JudgedVariance, explanation: KeyExplanation | undefined) {
    const contributions = explanation?.contributions ?? [];
    const main = contributions.findIndex(({ cause }) => cause !== 'in-flight');
    const contribution = contributions[main];
    const unexplained =
      explanation === undefined ? key.netVariance : sumOf(contributions.filter(({ cause }) => cause === 'unexplained'));
    return {
      cause: contribution?.cause ?? 'unexplained',
      cause_confidence:
        contribution === undefined || contribution.cause === 'unexplained'
          ? ''
          : confidenceText(contribution.confidence),
      explained_quantity: this.quantity(key.netVariance - unexplained),
      unexplained_quantity: this.quantity(unexplained),
      correct_side: contribution?.side ?? '',
      action: contribution?.action ?? '',
      finding_id: this.facts.findingIdsOf(key)[main] ?? '',
    };
  }

  *timing(): Generator<TimingLine> {
    for (const key of this.judgement.timing) {
      const { unitCost } = key;
      const value =
        unitCost === undefined
          ? ''
          : formatFixed(
              valueMinor(key.inFlight, this.plan.quantityDecimals, unitCost, this.minorDecimals),
              this.minorDecimals,
            );
      yield {
        ...this.keyColumns(key),
        in_flight_value: value,
        currency: this.currency,
      };
    }
  }

  /** The contributions of a key add up to its variance exactly. */
  *contributions(): Generator<string[]> {
    for (const key of [...this.judgement.discrepancies, ...this.judgement.timing]) {
      const name = [key.site, key.item, key.owner, key.lot, key.categoryName];
      const explanation = this.facts.explanationOf(key);
      for (const { cause, quantity, confidence, proofs, action } of explanation?.contributions ?? [])
        yield [
          ...name,
          cause,
          this.quantity(quantity),
          cause === 'unexplained' ? '' : confidenceText(confidence),
          proofsText(proofs),
          action,
        ];
      if (explanation !== undefined) continue;
      if (key.inFlight !== 0)
        yield [...name, 'in-flight', this.quantity(key.inFlight), '', '', 'none; compare again after the lag'];
      if (key.netVariance !== 0) yield [...name, 'unexplained', this.quantity(key.netVariance), '', '', ''];
    }
  }

  /** By system and status: rows, base units and, where every item's cost is known, their value. */
  unmapped(comparison: Comparison): UnmappedStatus[] {
    const sums = new Map<
      string,
      { system: string; status: string; rows: number; quantity: bigint; minor: bigint | null }
    >();
    for (const entry of comparison.unmapped) {
      const name = JSON.stringify([entry.system, entry.status]);
      const sum = sums.get(name) ?? { system: entry.system, status: entry.status, rows: 0, quantity: 0n, minor: 0n };
      const cost = this.plan.master.items.get(entry.item)?.unitCost ?? entry.rowCost;
      sum.rows += entry.rows;
      sum.quantity += entry.quantity;
      if (cost === undefined && entry.quantity !== 0n) sum.minor = null;
      else if (cost !== undefined && sum.minor !== null)
        sum.minor += valueMinor(entry.quantity, this.plan.quantityDecimals, cost, this.minorDecimals);
      sums.set(name, sum);
    }
    return [...sums.values()]
      .sort((a, b) => (a.system === b.system ? (a.status < b.status ? -1 : 1) : a.system < b.system ? -1 : 1))
      .map(({ system, status, rows, quantity, minor }) => ({
        system,
        status,
        rows,
        quantity: this.quantity(quantity),
        value: minor === null ? '' : formatFixed(minor, this.minorDecimals),
        currency: this.currency,
      }));
  }
}

/** The base unit of a key's item. */
export function uomOf({ item, record }: JudgedVariance, { master }: Plan): string {
  return record?.baseUom || master.packs.baseUomOf(item) || master.baseUom;
}

function sumOf(contributions: readonly Contribution[]): number {
  return contributions.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** "WMS movement M17 (wms_movements.csv row 12); message 4711 (messages.csv row 3): rejected"; what is left over is counted. */
function proofsText(proofs: readonly Proof[]): string {
  const named = proofs.slice(0, PROOFS_NAMED).map(({ kind, id, reference, source, says }) => {
    const what = [KIND_WORDS[kind], id, reference === '' || reference === id ? '' : `of ${reference}`];
    const place = source === undefined ? '' : `(${source.file} row ${source.row})`;
    const named = [...what, place].filter((part) => part !== '').join(' ');
    return says === '' ? named : `${named}: ${says}`;
  });
  if (proofs.length > PROOFS_NAMED) named.push(`and ${proofs.length - PROOFS_NAMED} more`);
  return named.join('; ');
}

const KIND_WORDS: Readonly<Record<Proof['kind'], string>> = {
  'erp-movement': 'ERP movement',
  'wms-movement': 'WMS movement',
  message: 'message',
  balance: 'balance',
};
